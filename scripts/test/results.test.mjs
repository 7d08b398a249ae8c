import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../setup/workspace.mjs";
import { playwrightResult, vitestResult } from "./results.mjs";

// A runner inside a runner: on a busy machine it takes its time to start.
const RUNNER_MS = 90_000;

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-planted-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(name, text) {
  writeFileSync(join(folder, name), text);
}

/** Runs a test program over the planted files, with the packages of `home`, and reads its report. */
function runPlanted({ home, cli, args }) {
  symlinkSync(join(root, home, "node_modules"), join(folder, "node_modules"));
  const report = join(folder, "report.json");
  const { VITEST: _ours, ...outer } = process.env;
  spawnSync(process.execPath, [join(folder, "node_modules", cli), ...args(report)], {
    cwd: folder,
    env: { ...outer, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return JSON.parse(readFileSync(report, "utf8"));
}

test("Vitest's failures are told with file, name and message; a broken file is one of them", {
  timeout: RUNNER_MS,
}, () => {
  plant("good.test.mjs", 'import { test } from "vitest"; test("stands", () => {});');
  plant("bad.test.mjs", 'import { expect, test } from "vitest"; test("falls", () => expect(1).toBe(2));');
  plant("broken.test.mjs", 'throw new Error("cannot be loaded");');
  const report = runPlanted({
    home: "",
    cli: "vitest/vitest.mjs",
    args: (file) => ["run", "--reporter=json", `--outputFile=${file}`],
  });
  const { passed, failures } = vitestResult(report);
  expect(passed).toBe(1);
  expect(failures.map(({ test }) => test.replace(folder, "")).sort()).toEqual([
    "/bad.test.mjs › falls",
    "/broken.test.mjs",
  ]);
  const messages = failures.map(({ message }) => message).join("\n");
  expect(messages).toContain("expected 1 to be 2");
  expect(messages).toContain("cannot be loaded");
});

test("Playwright's failures are told with file, name and message", { timeout: RUNNER_MS }, () => {
  plant(
    "bad.spec.ts",
    'import { expect, test } from "@playwright/test"; test("falls", () => expect(1).toBe(2)); test("stands", () => {});',
  );
  const report = runPlanted({
    home: "e2e",
    cli: "@playwright/test/cli.js",
    args: () => ["test", "--reporter=json"],
  });
  const { passed, failures } = playwrightResult(report);
  expect(passed).toBe(1);
  expect(failures).toEqual([{ test: "bad.spec.ts › falls", message: expect.stringContaining("Expected") }]);
});

test("a runner that left no report counts nothing", () => {
  expect(vitestResult(undefined)).toEqual({ passed: 0, skipped: 0, failures: [] });
  expect(playwrightResult(undefined)).toEqual({ passed: 0, skipped: 0, failures: [] });
});
