import { describe, expect, test } from "vitest";
import { type Context, createEvaluator, type Flag, type Reason } from "../index.ts";
import { flagOf, rulesetOf } from "../testing/index.ts";
import { openFeatureErrorCode, openFeatureReason } from "./index.ts";

const split = {
  split: {
    unit: "targetingKey",
    weights: [
      { variation: "on", weight: 50_000 },
      { variation: "off", weight: 50_000 },
    ],
  },
};
const pro = { attribute: "plan", operator: "in", values: ["pro"] };

const flags: Record<string, Flag> = {
  static: flagOf(),
  off: flagOf({ on: false }),
  killed: flagOf(),
  dependent: flagOf({ prerequisites: [{ flag: "off", variations: ["on"] }] }),
  targeted: flagOf({ targets: [{ unit: "targetingKey", variation: "on", values: ["ada"] }] }),
  ruled: flagOf({ rules: [{ id: "r1", when: pro, serve: { variation: "on" } }] }),
  ramped: flagOf({ rules: [{ id: "r1", when: pro, serve: split }] }),
  split: flagOf({ fallthrough: split }),
  unknown: flagOf({ rules: [{ id: "r1", when: { ...pro, operator: "no-such" }, serve: split }] }),
};
const kills = [{ id: "kill_1", flag: "killed", at: "2026-11-22T03:00:00.000Z" }];
const evaluator = createEvaluator(rulesetOf(flags, { kills }));

describe("OpenFeature's reason", () => {
  const ada = { targetingKey: "ada", plan: "pro" };
  test.each<[key: string, Context, Reason, string]>([
    ["static", ada, "fallthrough", "STATIC"],
    ["off", ada, "off", "DISABLED"],
    ["killed", ada, "killed", "DISABLED"],
    ["dependent", ada, "prerequisite-failed", "DISABLED"],
    ["targeted", ada, "target", "TARGETING_MATCH"],
    ["targeted", {}, "fallthrough", "DEFAULT"],
    ["ruled", ada, "rule", "TARGETING_MATCH"],
    ["ruled", {}, "fallthrough", "DEFAULT"],
    ["ramped", ada, "rule", "SPLIT"],
    ["split", ada, "fallthrough", "SPLIT"],
    ["split", {}, "unit-missing", "DEFAULT"],
    ["unknown", ada, "unsupported", "DEFAULT"],
    ["nothing", ada, "flag-not-found", "ERROR"],
  ])("of %s for %j, decided by %s, is %s", (key, context, reason, expected) => {
    const decision = evaluator.evaluate(key, context);
    expect(decision.reason).toBe(reason);
    expect(openFeatureReason(decision, evaluator.isStatic(key))).toBe(expected);
  });

  test("of an SDK's own reasons", () => {
    expect(openFeatureReason({ reason: "stale" }, false)).toBe("STALE");
    expect(openFeatureReason({ reason: "type-mismatch" }, false)).toBe("ERROR");
  });
});

test("only what has no value has an error code", () => {
  expect(openFeatureErrorCode("flag-not-found")).toBe("FLAG_NOT_FOUND");
  expect(openFeatureErrorCode("type-mismatch")).toBe("TYPE_MISMATCH");
  for (const reason of ["killed", "off", "unit-missing", "unsupported", "stale"] as const)
    expect(openFeatureErrorCode(reason)).toBeUndefined();
});
