import { expect, test } from "vitest";
import { digestHeld, digestOf } from "./digest.ts";
import { bucket, createEvaluator, type Evaluator, type Flag } from "./index.ts";
import { flagOf as flag, ruleOf, rulesetOf as ruleset, segmentOf } from "./testing/index.ts";

test("an unknown key", () => {
  const decision = createEvaluator(ruleset({})).evaluate("nope", {});
  expect(decision).toEqual({ value: undefined, variation: undefined, reason: "flag-not-found" });
});

test("a kill wins over everything and turns nothing on", () => {
  const parent = flag({ on: false });
  const child = flag({ prerequisites: [{ flag: "parent", variations: ["off"] }] });
  const evaluator = createEvaluator(ruleset({ parent, child }));
  expect(evaluator.evaluate("parent", {}).reason).toBe("off");
  expect(evaluator.evaluate("child", {})).toMatchObject({
    reason: "prerequisite-failed",
    prerequisite: "parent",
  });
  expect(evaluator.setKilled("parent", true)).toEqual(["parent", "child"]);
  expect(evaluator.evaluate("parent", {}).reason).toBe("killed");
  expect(evaluator.evaluate("child", {}).reason).toBe("prerequisite-failed");
});

test("a split walks its weights in stored order", () => {
  const weights = [
    { variation: "on", weight: 25_000 },
    { variation: "off", weight: 75_000 },
  ];
  const evaluator = createEvaluator(
    ruleset({ f: flag({ fallthrough: { split: { unit: "targetingKey", weights } } }) }),
  );
  for (let i = 0; i < 1000; i++) {
    const decision = evaluator.evaluate("f", { targetingKey: `user-${i}` });
    expect(decision).toMatchObject({ reason: "fallthrough", split: true });
    expect(decision.value).toBe(bucket("seed", `user-${i}`) < 25_000);
  }
  expect(evaluator.evaluate("f", {})).toMatchObject({ reason: "unit-missing", value: false });
});

test("a patch names every flag whose answer can change", () => {
  const inBeta = { all: [{ not: { not: { segment: "beta" } } }] };
  const evaluator = createEvaluator(
    ruleset(
      {
        direct: flag({
          rules: [{ id: "r", when: inBeta, serve: { variation: "on" } }],
          fallthrough: { variation: "off" },
        }),
        dependent: flag({ prerequisites: [{ flag: "direct", variations: ["on"] }] }),
        other: flag(),
      },
      {
        segments: {
          beta: { hash: "1", unit: "targetingKey", included: [], excluded: [], when: { segment: "staff" } },
          staff: { hash: "2", unit: "targetingKey", included: ["ann"], excluded: [] },
        },
      },
    ),
  );
  const context = { targetingKey: "ann" };
  expect(evaluator.evaluate("dependent", context).reason).toBe("fallthrough");
  const before = digestOf(evaluator.snapshot());
  const staff = { hash: "3", unit: "targetingKey", included: [], excluded: [] };
  expect(evaluator.patch({ epoch: 1, from: 1, to: 2, flags: {}, segments: { staff } }).sort()).toEqual([
    "dependent",
    "direct",
  ]);
  expect(evaluator.evaluate("dependent", context).reason).toBe("prerequisite-failed");
  expect(evaluator.ruleset.revision).toBe(2);
  expect(digestOf(evaluator.snapshot())).not.toBe(before);
  expect(digestOf(createEvaluator(evaluator.snapshot()).snapshot())).toBe(digestOf(evaluator.snapshot()));
  expect(evaluator.replace(evaluator.snapshot())).toEqual([]);
});

test("what is gone does not change again, by a whole or by a patch", () => {
  const child = flag({ prerequisites: [{ flag: "never", variations: ["on"] }] });
  const evaluator = createEvaluator(ruleset({ gone: flag(), child, stays: flag() }));
  expect(evaluator.replace(ruleset({ child, stays: flag() }))).toEqual(["gone"]);
  const stays = { ...flag(), hash: "x" };
  evaluator.setKilled("unknown", true);
  expect(evaluator.replace(ruleset({ child, stays }))).toEqual(["stays"]);
  const patch = { epoch: 1, from: 1, to: 2, flags: { gone: null, never: null, other: null }, segments: {} };
  expect(evaluator.patch(patch)).toEqual([]);
});

/** How many entries are held for some flags, of those that are there and of those that are not. */
const heldBy = (evaluator: Evaluator) => evaluator.entries.flag.size + evaluator.entries.segment.size;

test("nothing is held of what came and went", () => {
  const evaluator = createEvaluator(ruleset({}));
  const patch = (flags: Record<string, Flag | null>, segments = {}) =>
    evaluator.patch({ epoch: 1, from: 1, to: 1, flags, segments });
  const inSegment = (segment: string) =>
    flag({ rules: [{ id: "r", when: { not: { segment } }, serve: { variation: "on" } }] });
  const itself = flag({ prerequisites: [{ flag: "itself", variations: ["on"] }] });
  patch({ a: inSegment("s"), b: inSegment("never"), itself }, { s: segmentOf() });
  patch({ c: flag({ prerequisites: [{ flag: "a", variations: ["on"] }] }) });
  expect(heldBy(evaluator)).toBe(6);
  patch({ a: null }, { s: null });
  expect(patch({ b: { ...inSegment("other"), hash: "x" }, c: null })).toEqual(["b", "c"]);
  expect(evaluator.keys()).toEqual(["b", "itself"]);
  expect(heldBy(evaluator)).toBe(3);
  evaluator.setKilled("b", true);
  patch({ b: null, itself: null });
  expect(heldBy(evaluator)).toBe(1);
  patch({ b: flag() });
  expect(evaluator.evaluate("b", {}).reason).toBe("killed");
  patch({ b: null });
  evaluator.setKilled("b", false);
  expect(heldBy(evaluator)).toBe(0);
});

test("nothing is held of a reference that names nothing", () => {
  const evaluator = createEvaluator(ruleset({}));
  const odd = flag({ prerequisites: [{ flag: 5 as unknown as string, variations: ["on"] }] });
  evaluator.patch({ epoch: 1, from: 1, to: 2, flags: { odd }, segments: {} });
  expect(evaluator.evaluate("odd", {}).reason).toBe("prerequisite-failed");
  evaluator.patch({ epoch: 1, from: 2, to: 3, flags: { odd: null }, segments: {} });
  expect(heldBy(evaluator)).toBe(0);
});

test("a context that cannot be read says nothing", () => {
  const rule = {
    id: "r",
    when: { attribute: "a", operator: "exists" },
    serve: { variation: "off" },
  };
  const evaluator = createEvaluator(ruleset({ f: flag({ rules: [rule] }) }));
  const hostile = {
    get a(): never {
      throw new Error("no");
    },
  };
  expect(evaluator.evaluate("f", hostile).reason).toBe("fallthrough");
});

test("a context's Date is an instant", () => {
  const holds = (operator: string, a: unknown) =>
    createEvaluator(
      ruleset({ f: ruleOf({ attribute: "a", operator, values: ["2026-01-01T00:00:00Z"] }) }),
    ).evaluate("f", { a }).value;
  expect(holds("before", new Date("2025-12-31T23:59:59.999Z"))).toBe(true);
  expect(holds("before", new Date("2026-01-01T00:00:00Z"))).toBe(false);
  expect(holds("after", new Date("2026-01-01T00:00:00.001Z"))).toBe(true);
  for (const operator of ["before", "after"]) expect(holds(operator, new Date("never"))).toBe(false);
});

test("a hash that cannot become a text is no reason to throw", () => {
  const evaluator = createEvaluator(ruleset({ f: flag() }));
  const poisoned = { ...flag(), hash: { toString: 0 } as unknown as string };
  evaluator.patch({ epoch: 1, from: 1, to: 2, flags: { f: poisoned }, segments: {} });
  expect(evaluator.evaluate("f", {}).reason).toBe("fallthrough");
  expect(digestOf(evaluator.snapshot())).toMatch(/^[\da-f]{8}$/);
});

test("a digest reads only what changed since the last one", () => {
  let reads = 0;
  const counted = Object.defineProperty(flag(), "hash", {
    get() {
      reads += 1;
      return "h";
    },
  });
  const evaluator = createEvaluator(ruleset({ counted, other: flag() }));
  const before = digestHeld(evaluator);
  const readsBefore = reads;
  expect(readsBefore).toBeGreaterThan(0);
  evaluator.patch({ epoch: 1, from: 1, to: 2, flags: { other: { ...flag(), hash: "x" } }, segments: {} });
  expect(digestHeld(evaluator)).not.toBe(before);
  expect(reads).toBe(readsBefore);
});

test("a digest of many definitions is read in several calls, and is then the whole one", () => {
  const many = ruleset(Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`flag-${i}`, flag()])));
  const evaluator = createEvaluator(many);
  expect([digestHeld(evaluator), digestHeld(evaluator)]).toEqual([undefined, undefined]);
  expect(digestHeld(evaluator)).toBe(digestOf(many));
});
