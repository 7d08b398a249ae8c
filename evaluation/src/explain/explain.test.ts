import fc from "fast-check";
import { expect, test } from "vitest";
import { type Condition, createEvaluator } from "../index.ts";
import {
  assertSame,
  contextArbitrary,
  flagOf,
  ruleOf,
  rulesetArbitrary,
  rulesetOf,
  runs,
  segmentOf,
} from "../testing/index.ts";
import { loadVectors } from "../testing/vectors.ts";
import { explain } from "./index.ts";

test("the decision is the evaluator's, and the trace ends where it was taken", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(rulesetArbitrary, contextArbitrary, (ruleset, context) => {
      const evaluator = createEvaluator(ruleset);
      for (const key of [...Object.keys(ruleset.flags), "gone"]) {
        const { decision, steps } = explain(ruleset, key, context);
        assertSame(decision, evaluator.evaluate(key, context));
        for (const { path, kind } of steps) {
          if (path === "") throw new Error(`a ${kind} without a path`);
        }
        const last = steps.filter(({ path }) => path.startsWith(`/flags/${key}/`)).at(-1);
        if (decision.reason === "target") expect(last).toMatchObject({ kind: "target", holds: true });
        if (decision.reason === "prerequisite-failed")
          expect(last).toMatchObject({ kind: "prerequisite", holds: false });
        if (decision.split) expect(last).toMatchObject({ kind: "split", variation: decision.variation });
      }
    }),
    { numRuns: runs(1_000) },
  );
});

test("every vector is explained as it is decided", () => {
  for (const file of loadVectors()) {
    if (file.kind !== "evaluate") continue;
    for (const { ruleset, key, context } of file.vectors) {
      assertSame(explain(ruleset, key, context).decision, createEvaluator(ruleset).evaluate(key, context));
    }
  }
});

test("a trace tells each step, bucket included", () => {
  const weights = [
    { variation: "on", weight: 50_000 },
    { variation: "off", weight: 50_000 },
  ];
  const ruleset = rulesetOf(
    {
      parent: flagOf({ targets: [{ unit: "targetingKey", variation: "on", values: ["ann"] }] }),
      flag: flagOf({
        prerequisites: [{ flag: "parent", variations: ["on"] }],
        rules: [
          {
            id: "r",
            when: {
              any: [
                { not: { segment: "beta" } },
                { attribute: "plan", operator: "contains", values: ["x", "r"] },
              ],
            },
            serve: { split: { unit: "targetingKey", weights } },
          },
        ],
      }),
    },
    { segments: { beta: segmentOf({ excluded: ["eve"], when: { attribute: "plan", operator: "exists" } }) } },
  );
  const { steps } = explain(ruleset, "flag", { targetingKey: "ann", plan: "pro" });
  const variation = createEvaluator(ruleset).evaluate("flag", { targetingKey: "ann", plan: "pro" }).variation;
  expect(steps).toEqual([
    { kind: "killed", path: "/kills", holds: false },
    { kind: "on", path: "/flags/flag/on", holds: true },
    { kind: "target", path: "/flags/parent/targets/0", attribute: "targetingKey", value: "ann", holds: true },
    { kind: "prerequisite", path: "/flags/flag/prerequisites/0", holds: true },
    { kind: "list", path: "/segments/beta/excluded", attribute: "targetingKey", value: "ann", holds: false },
    { kind: "condition", path: "/segments/beta/when", attribute: "plan", value: "pro", holds: true },
    { kind: "segment", path: "/flags/flag/rules/0/when/any/0/not", holds: true },
    {
      kind: "condition",
      path: "/flags/flag/rules/0/when/any/1",
      attribute: "plan",
      value: "pro",
      holds: true,
    },
    {
      kind: "split",
      path: "/flags/flag/rules/0/serve",
      attribute: "targetingKey",
      value: "ann",
      bucket: expect.any(Number),
      variation,
    },
  ]);
});

test("a test that cannot matter still tells whether it held", () => {
  const always: Condition = { any: [{ attribute: "plan", operator: "in", values: ["pro"] }, { all: [] }] };
  const ruleset = rulesetOf({ flag: ruleOf(always) });
  expect(explain(ruleset, "flag", { plan: "pro" }).steps.at(-1)).toMatchObject({
    kind: "condition",
    holds: true,
  });
  expect(explain(ruleset, "flag", { plan: "free" }).steps.at(-1)).toMatchObject({
    kind: "condition",
    holds: false,
  });
});

test("a segment does not hold for a user on its exclusion list", () => {
  const segments = { beta: segmentOf({ included: ["eve"], excluded: ["eve"], when: { all: [] } }) };
  const ruleset = rulesetOf({ flag: ruleOf({ segment: "beta" }) }, { segments });
  const { steps } = explain(ruleset, "flag", { targetingKey: "eve" });
  expect(steps.slice(2)).toMatchObject([
    { kind: "list", path: "/segments/beta/excluded", value: "eve", holds: true },
    { kind: "segment", path: "/flags/flag/rules/0/when", holds: false },
  ]);
});

test("a segment that cannot matter still tells whether it held", () => {
  const always: Condition = { any: [{ segment: "beta" }, { all: [] }] };
  const segments = { beta: segmentOf({ when: { attribute: "plan", operator: "in", values: ["pro"] } }) };
  const ruleset = rulesetOf({ flag: ruleOf(always) }, { segments });
  const told = (plan: string) => explain(ruleset, "flag", { plan }).steps.at(-1);
  expect(told("pro")).toMatchObject({ kind: "segment", holds: true });
  expect(told("free")).toMatchObject({ kind: "segment", holds: false });
});

test("a segment is told with its last list", () => {
  const segments = { beta: segmentOf({ included: ["ann"], excluded: ["eve"] }) };
  const ruleset = rulesetOf({ flag: ruleOf({ segment: "beta" }) }, { segments });
  const told = (targetingKey: string) => explain(ruleset, "flag", { targetingKey }).steps.slice(2);
  const list = (name: string, value: string, holds: boolean) => ({
    kind: "list",
    path: `/segments/beta/${name}`,
    attribute: "targetingKey",
    value,
    holds,
  });
  const segment = (holds: boolean) => ({ kind: "segment", path: "/flags/flag/rules/0/when", holds });
  expect(told("eve")).toEqual([list("excluded", "eve", true), segment(false)]);
  expect(told("ann")).toEqual([list("excluded", "ann", false), list("included", "ann", true), segment(true)]);
  expect(told("bob")).toEqual([
    list("excluded", "bob", false),
    list("included", "bob", false),
    segment(false),
  ]);
});
