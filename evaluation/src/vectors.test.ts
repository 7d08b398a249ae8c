import { describe, expect, test } from "vitest";
import { algorithms } from "./algorithms/index.ts";
import { murmur3 } from "./hash.ts";
import { bucket, createEvaluator, type Decision } from "./index.ts";
import { operators } from "./operators/registrable.ts";
import { loadVectors } from "./testing/vectors.ts";

const decided = (expected: Partial<Decision>): Decision => ({
  value: undefined,
  variation: undefined,
  reason: "flag-not-found",
  ...expected,
});

describe.each(loadVectors())("$file", (file) => {
  if (file.kind === "hash") {
    test.each(file.vectors)("$name", ({ text, expect: { hash } }) => {
      expect(murmur3(text) >>> 0).toBe(hash);
    });
  } else if (file.kind === "bucket") {
    test.each(file.vectors)("$name", ({ seed, unit, expect: expected }) => {
      expect(bucket(seed, unit)).toBe(expected.bucket);
    });
  } else {
    test.each(file.vectors)("$name", ({ ruleset, key, context, expect: expected }) => {
      const evaluator = createEvaluator(ruleset, { operators, algorithms });
      expect(evaluator.evaluate(key, context)).toEqual(decided(expected));
    });
  }
});
