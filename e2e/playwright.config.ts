import { defineConfig } from "@playwright/test";

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: ".",
  projects: [
    // The slowest takes half a minute on an idle machine, and as much longer as the machine has else to do.
    { name: "journeys", testMatch: "journeys/*.spec.ts", timeout: 600_000 },
    { name: "faults", testMatch: "faults/*.spec.ts" },
  ],
  // Each spec starts its own nodes; two cores carry one at a time.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [
    ["list"],
    ["./faults/support/reporter.ts"],
    ...(process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [["json"] as const] : []),
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    trace: "retain-on-failure",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
      args: CHROMIUM_FLAGS,
    },
  },
});
