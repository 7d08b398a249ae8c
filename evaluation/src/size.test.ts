import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Every byte of the evaluator is in every browser: a change that needs more says so here. */
const BUDGET_BYTES = 4_476;

test("the evaluator alone stays within its budget, gzipped", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { createEvaluator } from "./index.ts";',
      resolveDir: new URL(".", import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["source"],
    write: false,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});
