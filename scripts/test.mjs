// npm test: installs, builds, provides PostgreSQL, Redis and Chromium, runs every check and test, leaves nothing running.
import "./setup/node-version.mjs";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hireJanitor } from "./process/janitor.mjs";
import { main, report, seconds, step } from "./process/progress.mjs";
import { provideServices } from "./services/provide.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { runPlaywright, runVitest } from "./test/runners.mjs";

const ONE_FAILURE = { passed: 0, failed: 1, skipped: 0 };

// A log is often kept by its end alone, so the failures are told there once more, each with the first lines of its message.
const MESSAGE_LINES = 12;

async function prepare(janitor) {
  await ensureInstalled();
  const env = await step("Starting PostgreSQL, Redis and Chromium", () => provideServices(janitor));
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), "lanyard-test-"));
  // PostgreSQL runs as another user, and tests start some of their own below.
  chmodSync(folder, 0o711);
  janitor.mindsDirectory(folder);
  return { janitor, env, folder };
}

const stages = [
  { name: "verify", run: async () => (await import("./verify/verify.mjs")).verify() },
  { name: "vitest", run: runVitest },
  { name: "journeys", run: (context) => runPlaywright("journeys", context) },
  { name: "faults", run: (context) => runPlaywright("faults", context) },
];

async function runStage({ name, run }, context) {
  const started = performance.now();
  console.log(`\n── ${name} ──`);
  const counts = (await run(context).catch(report)) ?? ONE_FAILURE;
  return { name, duration: seconds(started), skipped: 0, failures: [], ...counts };
}

async function runAll(janitor) {
  const context = await prepare(janitor).catch(report);
  if (!context) return [{ name: "preparation", duration: "", ...ONE_FAILURE }];
  const results = [];
  for (const stage of stages) results.push(await runStage(stage, context));
  return results;
}

function tellFailure(stage, { test, message }) {
  const lines = message.trim().split("\n").slice(0, MESSAGE_LINES);
  console.log([`✗ ${stage}: ${test}`, ...lines.map((line) => `    ${line}`)].join("\n"));
}

function summarise(results) {
  const total = (count) => results.reduce((sum, result) => sum + result[count], 0);
  for (const { name, failures } of results) for (const failure of failures) tellFailure(name, failure);
  console.log("\n── summary ──");
  for (const { name, passed, failed, skipped, duration } of results)
    console.log(
      `${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}  ${duration}`,
    );
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") === 0 ? 0 : 1;
}

await main(async () => {
  const janitor = hireJanitor();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => janitor.sweep().finally(() => process.exit(130)));
  const results = await runAll(janitor);
  await janitor.sweep();
  return summarise(results);
});
