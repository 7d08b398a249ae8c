import fc from "fast-check";
import { expect, test } from "vitest";
import { algorithms } from "./algorithms/index.ts";
import { digestOf } from "./digest.ts";
import {
  type Condition,
  type Context,
  createEvaluator,
  type Flag,
  type JsonValue,
  type Ruleset,
  type RulesetPatch,
} from "./index.ts";
import { operators } from "./operators/registrable.ts";
import {
  contextArbitrary,
  flagOf,
  ruleOf,
  rulesetArbitrary,
  rulesetOf,
  runs,
  segmentOf,
} from "./testing/index.ts";

const PATIENCE = 600_000;
const extensions = { operators, algorithms };
const REASONS =
  /^(flag-not-found|killed|off|prerequisite-failed|target|rule|fallthrough|unit-missing|unsupported)$/;

/** Asks for everything there is; what comes back must be a decision. */
function survives(ruleset: unknown, context: unknown): void {
  const evaluator = createEvaluator(ruleset as Ruleset, extensions);
  for (const key of [...evaluator.keys(), "gone", "__proto__", "constructor"]) {
    const { value, reason } = evaluator.evaluate(key, context as Context);
    if (!REASONS.test(reason)) throw new Error(`no reason: ${reason}`);
    if ((value === undefined) !== (reason === "flag-not-found"))
      throw new Error(`value ${value} for ${reason}`);
  }
  evaluator.replace(ruleset as Ruleset);
  evaluator.patch(ruleset as RulesetPatch);
  digestOf(evaluator.snapshot());
}

const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<JsonValue>;

test("any JSON may be a ruleset, and any a context", { timeout: PATIENCE }, () => {
  fc.assert(fc.property(json, json, survives), { numRuns: runs(2_000) });
});

test("any JSON may be a flag, a segment or a list of kills", { timeout: PATIENCE }, () => {
  const rulesets = fc.record({
    format: json,
    flags: fc.dictionary(fc.string(), json),
    segments: fc.dictionary(fc.string(), json),
    kills: json,
  });
  fc.assert(fc.property(rulesets, json, survives), { numRuns: runs(2_000) });
});

/** Every place in a JSON value, as a function that puts something else there. */
function places(
  value: JsonValue,
  put: (replacement: JsonValue) => JsonValue,
): ((replacement: JsonValue) => JsonValue)[] {
  if (typeof value !== "object" || value === null) return [put];
  const inner = Object.entries(value).flatMap(([name, part]) =>
    places(part, (replacement) =>
      put(
        Array.isArray(value)
          ? value.map((each, i) => (String(i) === name ? replacement : each))
          : { ...value, [name]: replacement },
      ),
    ),
  );
  return [put, ...inner];
}

test("a good ruleset may go wrong in any places", { timeout: PATIENCE }, () => {
  const odd = fc.oneof(
    json,
    fc.constantFrom<JsonValue>(null, [], {}, "", -1, 1e308, "__proto__", [[]], [null]),
  );
  const property = fc.property(
    rulesetArbitrary,
    contextArbitrary,
    fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 4 }),
    (ruleset, context, changes) => {
      let broken = ruleset as unknown as JsonValue;
      for (const [where, what] of changes) {
        const all = places(broken, (replacement) => replacement);
        broken = (all[where % all.length] as (replacement: JsonValue) => JsonValue)(what);
      }
      survives(broken, context);
    },
  );
  fc.assert(property, { numRuns: runs(1_500) });
});

const one = (flag: unknown) => ({ flags: { flag } });
const deep = (depth: number): Condition =>
  JSON.parse(`${'{"not":'.repeat(depth)}{"attribute":"a","operator":"exists"}${"}".repeat(depth)}`);
const requires = (...keys: string[]): Flag =>
  flagOf({ prerequisites: keys.map((flag) => ({ flag, variations: ["on"] })) });
const named = <T>(length: number, make: (i: number) => T) =>
  Object.fromEntries(Array.from({ length }, (_, i) => [`n${i}`, make(i)]));

const absent: Condition = { attribute: "a", operator: "exists" };
const extremes: [string, unknown][] = [
  [
    "conditions 5,000 deep",
    one({ ...ruleOf(absent), rules: [{ id: "r", when: deep(5_000), serve: { variation: "on" } }] }),
  ],
  ["a condition with 300,000 parts", one(ruleOf({ any: new Array(300_000).fill(absent) }))],
  ["a chain of 20,000 flags", rulesetOf(named(20_000, (i) => requires(`n${i + 1}`)))],
  ["flags that double at every step", rulesetOf(named(49, (i) => requires(`n${i + 1}`, `n${i + 1}`)))],
  [
    "segments that double at every step",
    rulesetOf(
      { flag: ruleOf({ segment: "n0" }) },
      {
        segments: named(50, (i) =>
          segmentOf({
            when: i < 49 ? { any: [{ segment: `n${i + 1}` }, { segment: `n${i + 1}` }] } : absent,
          }),
        ),
      },
    ),
  ],
  [
    "a chain of 20,000 segments",
    rulesetOf(
      { flag: ruleOf({ segment: "n0" }) },
      { segments: named(20_000, (i) => segmentOf({ when: { segment: `n${i + 1}` } })) },
    ),
  ],
  [
    "every flag requires every flag",
    rulesetOf(named(100, () => requires(...Object.keys(named(100, () => 0))))),
  ],
  [
    "every segment names every segment",
    rulesetOf(
      { flag: ruleOf({ segment: "n0" }) },
      {
        segments: named(100, () =>
          segmentOf({ when: { any: Array.from({ length: 100 }, (_, i) => ({ segment: `n${i}` })) } }),
        ),
      },
    ),
  ],
  [
    "a value 5,000 deep",
    one({
      ...flagOf(),
      variations: [{ id: "off", value: JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) }],
    }),
  ],
];

test.each(extremes)("it ends: %s", { timeout: 60_000 }, (_, ruleset) => {
  survives(ruleset, { targetingKey: "ann" });
});

const thrower = () => {
  throw new Error("hostile");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();

const hostile: [string, unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["text", "plan"],
  ["a number", 42],
  ["a list", ["pro"]],
  ["a function", thrower],
  [
    "a proxy that throws",
    new Proxy({}, { get: thrower, has: thrower, getPrototypeOf: thrower, ownKeys: thrower }),
  ],
  ["a revoked proxy", revoked.proxy],
  ["a getter that throws", Object.defineProperty({}, "plan", { get: thrower, enumerable: true })],
  ["a revoked proxy inside", { plan: revoked.proxy, targetingKey: revoked.proxy }],
  ["no prototype", Object.assign(Object.create(null), { plan: "pro" })],
  [
    "values that cannot be text",
    { plan: { toString: thrower, valueOf: thrower }, targetingKey: Symbol("ann") },
  ],
  ["big integers", { plan: 10n, targetingKey: 10n }],
];

test.each(hostile)("a hostile context: %s", (_, context) => {
  const flag = flagOf({
    targets: [{ unit: "targetingKey", variation: "on", values: ["ann"] }],
    rules: [
      {
        id: "a",
        when: { attribute: "plan", operator: "in", values: ["pro", "x"] },
        serve: { variation: "on" },
      },
      {
        id: "b",
        when: { attribute: "plan.size", operator: "before", values: [1] },
        serve: { variation: "on" },
      },
      {
        id: "c",
        when: { attribute: "plan", operator: "matches", values: ["x"] },
        serve: { variation: "on" },
      },
    ],
  });
  survives(rulesetOf({ flag }), context);
});

test("inherited attributes are absent", () => {
  const evaluator = createEvaluator(rulesetOf({ flag: ruleOf({ attribute: "plan", operator: "exists" }) }));
  class Visitor {
    get plan() {
      return "pro";
    }
  }
  for (const context of [
    Object.create({ plan: "pro" }),
    new Visitor(),
    Object.create(Object.create({ plan: 1 })),
  ]) {
    expect(evaluator.evaluate("flag", context).value).toBe(false);
  }
  expect(
    evaluator.evaluate("flag", Object.assign(new Visitor(), { other: 1 }) as object as Context).value,
  ).toBe(false);
  expect(evaluator.evaluate("flag", Object.assign(Object.create(null), { plan: "pro" })).value).toBe(true);
});
