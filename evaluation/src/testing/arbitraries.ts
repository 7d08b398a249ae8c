import fc from "fast-check";
import type {
  Audience,
  Condition,
  Context,
  Flag,
  JsonValue,
  Prerequisite,
  Ruleset,
  Segment,
  Serve,
  Target,
} from "../model.ts";
import { contentHash, segmentOf } from "./build.ts";

/** Attributes of random rulesets; the even ones are those that tests make public. */
export const ATTRIBUTES = [
  "plan",
  "country",
  "company.size",
  "version",
  "since",
  "targetingKey",
  "admin",
  "tags",
];
export const PUBLIC_ATTRIBUTES: ReadonlySet<string> = new Set(ATTRIBUTES.filter((_, i) => i % 2 === 0));

const UNITS = ["ann", "bob", "eve", "42"];
const VARIATIONS = ["a", "b", "c"];
const SEGMENTS = ["s0", "s1", "s2"];
const FLAGS = ["f0", "f1", "f2"];

/** Few literals, so that contexts meet them often. */
const LITERALS: Record<string, JsonValue[]> = {
  in: ["pro", "free", "NO", "se", 1, 2],
  equals: [1, 2, true, false],
  startsWith: ["p", "fr", "N", ""],
  endsWith: ["o", "ee", "O"],
  contains: ["r", "e", "N"],
  lessThan: [0, 1, 2],
  lessThanOrEqual: [0, 1, 2],
  greaterThan: [0, 1, 2],
  greaterThanOrEqual: [0, 1, 2],
  before: ["2026-01-01T00:00:00Z", 1_700_000_000_000],
  after: ["2026-01-01T00:00:00Z", 1_700_000_000_000],
  semverEqual: ["1", "1.2.3"],
  semverLessThan: ["1.2.3-rc.1", "2"],
  semverLessThanOrEqual: ["1.2.3", "2"],
  semverGreaterThan: ["1.2.3-rc.1", "1"],
  semverGreaterThanOrEqual: ["1.2.3", "1"],
};
const SEVERAL: readonly string[] = ["in", "equals", "startsWith", "endsWith", "contains"];

const VALUES: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("pro", "free", "NO", "no", "1.2.3", "1.2.3-rc.1", "2.0", "ann", ""),
  },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(0, 1, 2, 42, true, false, null, 1_750_000_000_000) },
  { weight: 1, arbitrary: fc.constantFrom("2025-06-01T00:00:00Z", "2026-06-01T12:00:00+02:00") },
  { weight: 1, arbitrary: fc.constantFrom([], ["pro", 1], [null, "NO"], { size: 2 }, { size: "pro" }) },
);

const test: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom(...ATTRIBUTES), fc.constantFrom("exists", ...Object.keys(LITERALS)), fc.boolean())
  .chain(([attribute, operator, ignoreCase]) => {
    const literals = LITERALS[operator];
    if (literals === undefined) return fc.constant<Condition>({ attribute, operator });
    const maxLength = SEVERAL.includes(operator) ? 3 : 1;
    const minLength = SEVERAL.includes(operator) ? 0 : 1;
    return fc
      .array(fc.constantFrom(...literals), { minLength, maxLength })
      .map((values): Condition => ({ attribute, operator, values, ...(ignoreCase ? { ignoreCase } : {}) }));
  });

const bucketTest: fc.Arbitrary<Condition> = fc
  .record({
    unit: fc.constantFrom("targetingKey", "plan"),
    seed: fc.constantFrom("x", "y"),
    below: fc.nat(100_000),
  })
  .map((bucket) => ({ bucket }));

/** Conditions of every construct that refer to some of the segments. */
export function conditionOf(segments: readonly string[], depth = 2): fc.Arbitrary<Condition> {
  const leaves: fc.Arbitrary<Condition>[] = [test, test, bucketTest];
  if (segments.length > 0) leaves.push(fc.constantFrom(...segments).map((segment) => ({ segment })));
  const leaf = fc.oneof(...leaves);
  if (depth === 0) return leaf;
  const inner = conditionOf(segments, depth - 1);
  const several = fc.array(inner, { maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: several.map((all): Condition => ({ all })) },
    { weight: 2, arbitrary: several.map((any): Condition => ({ any })) },
    { weight: 2, arbitrary: inner.map((not): Condition => ({ not })) },
  );
}

const weights = fc
  .tuple(fc.nat(100_000), fc.nat(100_000))
  .map((cuts) => [0, ...cuts.sort((x, y) => x - y), 100_000])
  .map((cuts) =>
    VARIATIONS.map((variation, i) => ({ variation, weight: (cuts[i + 1] ?? 0) - (cuts[i] ?? 0) })),
  );

const serve: fc.Arbitrary<Serve> = fc.oneof(
  fc.constantFrom(...VARIATIONS).map((variation): Serve => ({ variation })),
  fc
    .record({ unit: fc.constantFrom("targetingKey", "country"), weights, own: fc.boolean() })
    .map(({ unit, weights, own }): Serve => ({ split: { unit, weights, ...(own ? { seed: "own" } : {}) } })),
);

const units = fc.uniqueArray(fc.constantFrom(...UNITS), { maxLength: 3 });

const target: fc.Arbitrary<Target> = fc.record({
  unit: fc.constantFrom("targetingKey", "plan"),
  variation: fc.constantFrom(...VARIATIONS),
  values: units,
});

/** A flag that refers to some segments and requires some other flags. */
export function flagArbitrary(segments: readonly string[], others: readonly string[]): fc.Arbitrary<Flag> {
  const prerequisites: fc.Arbitrary<Prerequisite[]> =
    others.length === 0
      ? fc.constant([])
      : fc.array(
          fc.record({
            flag: fc.constantFrom(...others),
            variations: fc.subarray(VARIATIONS, { minLength: 1 }),
          }),
          { maxLength: 1 },
        );
  return fc
    .record({
      on: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
      seed: fc.constantFrom("x", "y", "z"),
      off: fc.constantFrom(...VARIATIONS),
      audience: fc.constantFrom<Audience[]>("client", "client", "server"),
      prerequisites,
      targets: fc.array(target, { maxLength: 2 }),
      rules: fc
        .array(fc.record({ when: conditionOf(segments), serve }), { maxLength: 4 })
        .map((rules) => rules.map((rule, i) => ({ id: `r${i}`, ...rule }))),
      fallthrough: serve,
    })
    .map((content): Flag => {
      const variations = VARIATIONS.map((id) => ({ id, value: `value of ${id}` }));
      const flag = { type: "string" as const, variations, ...content };
      return { hash: contentHash(flag), ...flag };
    });
}

/** A segment that refers to some others. */
export function segmentArbitrary(others: readonly string[]): fc.Arbitrary<Segment> {
  return fc
    .record(
      {
        unit: fc.constantFrom("targetingKey", "plan"),
        included: units,
        excluded: units,
        when: conditionOf(others, 1),
      },
      { requiredKeys: ["unit", "included", "excluded"] },
    )
    .map((parts) => segmentOf(parts));
}

/** Rulesets of every construct that the evaluator fully supports, without cycles. */
export const rulesetArbitrary: fc.Arbitrary<Ruleset> = fc
  .tuple(
    fc.tuple(...SEGMENTS.map((_, i) => segmentArbitrary(SEGMENTS.slice(0, i)))),
    fc.tuple(...FLAGS.map((_, i) => flagArbitrary(SEGMENTS, FLAGS.slice(0, i)))),
    fc.subarray([...FLAGS, "gone"], { maxLength: 1 }),
  )
  .map(([segments, flags, killed]) => ({
    format: 1,
    environmentId: "env_random",
    epoch: 1,
    revision: 1,
    flags: Object.fromEntries(flags.map((flag, i) => [FLAGS[i], flag])),
    segments: Object.fromEntries(segments.map((segment, i) => [SEGMENTS[i], segment])),
    kills: killed.map((flag) => ({ id: `kill of ${flag}`, flag, at: "2026-01-01T00:00:00Z" })),
  }));

/** Contexts that meet the literals and units of random rulesets often. */
export const contextArbitrary: fc.Arbitrary<Context> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...ATTRIBUTES, "company"), VALUES, { maxKeys: 6 }),
    fc.option(fc.constantFrom<string | number>(...UNITS, 42), { nil: undefined }),
  )
  .map(([context, targetingKey]) => (targetingKey === undefined ? context : { ...context, targetingKey }));
