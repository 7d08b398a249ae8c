// The test programs: each writes its result as JSON, of which only the counts matter here.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../setup/workspace.mjs";
import { endLeftovers } from "./leftovers.mjs";

export function runVitest(context) {
  const file = join(context.folder, "vitest.json");
  const cli = join(root, "node_modules/vitest/vitest.mjs");
  const args = [cli, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return runTests({ ...context, args, cwd: root, count: () => countVitest(readJson(file)) });
}

/** One of the projects of `e2e/playwright.config.ts`. */
export function runPlaywright(project, context) {
  const file = join(context.folder, `${project}.json`);
  const e2e = join(root, "e2e");
  const cli = createRequire(join(e2e, "package.json")).resolve("@playwright/test/cli");
  const args = [cli, "test", `--project=${project}`];
  const env = { ...context.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  return runTests({ ...context, env, args, cwd: e2e, count: () => countPlaywright(readJson(file)) });
}

/** A runner that found no tests, fell over, or left a process behind has failed, whatever it counted. */
async function runTests({ args, cwd, env, folder, janitor, count }) {
  const mark = `LANYARD_TEST_RUN=${process.pid}-${performance.now()}`;
  const [name, value] = mark.split("=");
  const child = spawn(process.execPath, args, {
    cwd,
    // Browsers and loaders leave caches in the temporary folder: here they go with the run.
    env: { ...process.env, TMPDIR: folder, ...env, [name]: value },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  janitor.minds(child);
  const [code] = await once(child, "exit");
  const leftovers = await endLeftovers({ group: child.pid, mark });
  for (const { pid, command } of leftovers) console.log(`left running, ended now: ${pid} ${command}`);
  const { passed, failed, skipped } = count();
  const fellOver = code !== 0 && failed === 0;
  return { passed, skipped, failed: failed + leftovers.length + (fellOver || passed + failed === 0 ? 1 : 0) };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function countVitest(report) {
  if (!report) return { passed: 0, failed: 0, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function countPlaywright(report) {
  if (!report) return { passed: 0, failed: 0, skipped: 0 };
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}
