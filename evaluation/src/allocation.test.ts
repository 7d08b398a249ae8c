import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { type Context, countUses, createEvaluator, type Flag } from "./index.ts";
import { flagOf, ruleOf, rulesetOf, segmentOf } from "./testing/index.ts";

const halves = [
  { variation: "on", weight: 50_000 },
  { variation: "off", weight: 50_000 },
];
const split: Flag["fallthrough"] = { split: { unit: "targetingKey", weights: halves } };
const when = (attribute: string, operator: string, ...values: (string | number)[]) =>
  ruleOf({ attribute, operator, values });

const flags: Record<string, Flag> = {
  "one that is on": flagOf(),
  "a split": flagOf({ fallthrough: split }),
  "a target": flagOf({ targets: [{ unit: "targetingKey", variation: "off", values: ["ann", "bob"] }] }),
  "a list": when("country", "in", "NO", "SE"),
  "the end of a text": when("email", "endsWith", "@example.com"),
  "a version": when("version", "semverGreaterThanOrEqual", "7.0.0"),
  "a number": when("age", "lessThan", 18),
  "a dotted attribute": when("company.plan", "in", "pro"),
  "a segment of lists": ruleOf({ segment: "beta" }),
  "a segment with a condition": ruleOf({ segment: "grown" }),
  "a bucket": ruleOf({ bucket: { unit: "targetingKey", seed: "s", below: 50_000 } }),
  "a required flag": flagOf({ prerequisites: [{ flag: "a split", variations: ["on"] }] }),
};
const evaluator = createEvaluator(
  rulesetOf(flags, {
    segments: {
      beta: segmentOf({ included: ["eve"], excluded: ["ann"] }),
      grown: segmentOf({ when: { attribute: "age", operator: "greaterThan", values: [17] } }),
    },
  }),
);
const contexts: Context[] = Array.from({ length: 100 }, (_, i) => ({
  targetingKey: `user-${i}`,
  country: "GB",
  email: `user-${i}@mail.example`,
  version: `6.${i}.1`,
  age: i,
  company: { plan: "free" },
}));
const READS = 20_000;

/** Bytes that so many reads leave on the heap; nothing else runs, and too little is read for a collection. */
function bytesOf(key: string): number {
  const before = getHeapStatistics().used_heap_size;
  for (let i = 0; i < READS; i++) {
    countUses(evaluator.evaluate(key, contexts[i % contexts.length] as Context), 1);
  }
  return getHeapStatistics().used_heap_size - before;
}

test.each(Object.keys(flags))("reading allocates nothing: %s", { timeout: 120_000 }, async (key) => {
  // An engine allocates while it learns; a machine with other work may take a while to optimise.
  for (let round = 0; round < 200; round++) {
    const bytes = bytesOf(key);
    if (bytes >= 0 && bytes < READS) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect.fail("every read left something on the heap");
});

test("an engine knows where the evaluator's functions are, and need not look them up", () => {
  setFlagsFromString("--allow-natives-syntax");
  const isLaidOut: (object: object) => boolean = runInThisContext("(object) => %HasFastProperties(object)");
  expect(isLaidOut(evaluator)).toBe(true);
});
