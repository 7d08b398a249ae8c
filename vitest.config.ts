import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Our own packages are tested from their sources, never from a build that may be old.
// "import" is left out: Node would apply it to require() as well, and pg would get a module for a class. So is "module",
// which is for bundlers: OpenTelemetry keeps files there that Node cannot read.
const conditions = ["source", "node", "default"];

const NEED_SERVICES = "testing/need-services.ts";
const SERVER_SETUP = "server/src/testing/global-setup.ts";

const plain = [
  "contract",
  "evaluation",
  "sdk-core",
  "sdk-node",
  "sdk-browser",
  "admin-ui",
  "examples",
  "bench",
  "scripts",
];

// What waits for a real process or socket takes longer on a busy machine; a test that hangs still fails.
const TEST_TIMEOUT_MS = 60_000;
// Hooks start and end whole nodes, databases, packages and browsers.
const HOOK_TIMEOUT_MS = 180_000;

function project(name: string, globalSetup: string[] = []) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: [`${name}/**/*.test.{ts,tsx,mjs}`],
      exclude: ["**/node_modules/**", "**/dist/**"],
      testTimeout: TEST_TIMEOUT_MS,
      hookTimeout: HOOK_TIMEOUT_MS,
      globalSetup,
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [...plain.map((name) => project(name)), project("server", [NEED_SERVICES, SERVER_SETUP])],
  },
});
