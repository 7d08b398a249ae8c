// A browser for the journeys: the system's Chromium, or Playwright's own where the system has none.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { findProgram } from "../process/find-program.mjs";
import { run } from "../process/run.mjs";

const e2e = new URL("../../e2e/package.json", import.meta.url);

export const chromium = {
  name: "Chromium",
  variable: "CHROMIUM_PATH",
  debianPackage: "chromium",
  find: () => findSystemChromium() ?? findPlaywrightChromium(),
  start: async (_janitor, program) => ({ url: program, stop: async () => {} }),
  installElsewhere: installPlaywrightChromium,
  advice: "Install Chromium or Chrome, or set CHROMIUM_PATH to the browser's program file.",
};

function findSystemChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const macApplications = ["Google Chrome", "Chromium"].map(
    (name) => `/Applications/${name}.app/Contents/MacOS`,
  );
  return findProgram(names) ?? findProgram(["Google Chrome", "Chromium"], macApplications);
}

function playwright() {
  return createRequire(e2e)("@playwright/test");
}

function findPlaywrightChromium() {
  try {
    const path = playwright().chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function installPlaywrightChromium() {
  const cli = createRequire(e2e).resolve("@playwright/test/cli");
  await run(process.execPath, [cli, "install", "chromium"]);
}
