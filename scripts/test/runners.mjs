// The test programs: each writes its result as JSON, of which the counts and the failures matter here.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../setup/workspace.mjs";
import { endLeftovers } from "./leftovers.mjs";
import { playwrightResult, vitestResult } from "./results.mjs";

export function runVitest(context) {
  const file = join(context.folder, "vitest.json");
  const cli = join(root, "node_modules/vitest/vitest.mjs");
  const args = [cli, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return runTests({ ...context, args, cwd: root, result: () => vitestResult(readJson(file)) });
}

/** One of the projects of `e2e/playwright.config.ts`. */
export function runPlaywright(project, context) {
  const file = join(context.folder, `${project}.json`);
  const e2e = join(root, "e2e");
  const cli = createRequire(join(e2e, "package.json")).resolve("@playwright/test/cli");
  const args = [cli, "test", `--project=${project}`];
  const env = { ...context.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  return runTests({ ...context, env, args, cwd: e2e, result: () => playwrightResult(readJson(file)) });
}

async function runTests({ args, cwd, env, folder, janitor, result }) {
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
  const { passed, skipped, failures } = result();
  const faults = [...failures, ...leftovers.map(asFailure), ...fallOf({ code, passed, failures })];
  return { passed, skipped, failed: faults.length, failures: faults };
}

const asFailure = ({ pid, command }) => ({ test: "left running, ended now", message: `${pid} ${command}` });

/** A runner that found no tests, or fell over beside them, has failed, whatever it counted. */
function fallOf({ code, passed, failures }) {
  if (failures.length > 0) return [];
  if (code !== 0) return [{ test: "the runner itself", message: `ended with code ${code}` }];
  return passed === 0 ? [{ test: "the runner itself", message: "found no tests" }] : [];
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
