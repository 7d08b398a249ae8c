import { createEvaluator } from "@lanyard/evaluation";
import { flagOf, rulesetOf } from "@lanyard/evaluation/testing";
import { expect, it } from "vitest";
import { createUsage } from "./usage.ts";

it("counts uses by flag, variation and reason, across recompilation", () => {
  const evaluator = createEvaluator(rulesetOf({ f: flagOf() }));
  const usage = createUsage();
  const use = () => usage.count("f", evaluator.evaluate("f", {}));
  for (let i = 0; i < 3; i++) use();
  evaluator.patch({ epoch: 1, from: 1, to: 2, flags: { f: flagOf({ hash: "2" }) }, segments: {} });
  use();
  usage.countDefault("nope", "flag-not-found");
  usage.countDefault("f", "type-mismatch");
  expect(usage.drain()).toEqual([
    { flag: "nope", variation: null, reason: "flag-not-found", count: 1 },
    { flag: "f", variation: null, reason: "type-mismatch", count: 1 },
    { flag: "f", variation: "on", reason: "fallthrough", count: 4 },
  ]);
  expect(usage.drain()).toEqual([]);
  use();
  expect(usage.drain()).toMatchObject([{ flag: "f", count: 1 }]);
});

it("tells no more than so many answers apart that are in no ruleset", () => {
  const usage = createUsage();
  for (let i = 0; i < 1_000; i++) usage.countDefault(`nope-${i}`, "flag-not-found");
  const rows = usage.drain();
  expect(rows).toHaveLength(201);
  expect(rows.at(-1)).toMatchObject({ flag: "*", count: 800 });
});
