import type { Condition, Context, Flag, Ruleset, Segment } from "@lanyard/evaluation";

/** One thing to measure: who asks for which flag of which ruleset. */
export interface Workload {
  name: string;
  describe: string;
  ruleset: Ruleset;
  keys: string[];
  contexts: Context[];
}

const COUNTRIES = ["NO", "SE", "DK", "FI", "IS"];
const CONTEXTS = 10_000;
const MANY_FLAGS = 2_000;

/** The six workloads, the same in every run. */
export function workloads(): Workload[] {
  const contexts = Array.from({ length: CONTEXTS }, (_, i) => contextOf(i));
  const one = (
    name: string,
    describe: string,
    flag: Flag,
    segments: Record<string, Segment> = {},
  ): Workload => ({
    name,
    describe,
    ruleset: rulesetOf({ flag }, segments),
    keys: ["flag"],
    contexts,
  });
  return [
    one("W1", "on for all", flagOf({ fallthrough: { variation: "on" } })),
    one("W2", "25 % by user", flagOf({ fallthrough: halved(25_000) })),
    one("W3", "five rules, then 50 %", fiveRules(0), { s0: segmentOf(0) }),
    one("W4", "four weighted variations", fourVariations()),
    {
      name: "W5",
      describe: "2,000 flags of W3's shape",
      ruleset: manyFlags(MANY_FLAGS),
      keys: shuffledKeys(),
      contexts,
    },
    one("W6", "a list of 10,000 ids", listed()),
  ];
}

/** A ruleset of `count` flags of W3's shape, each with its own segment. */
export function manyFlags(count: number): Ruleset {
  const indices = Array.from({ length: count }, (_, i) => i);
  return rulesetOf(
    Object.fromEntries(indices.map((i) => [`flag-${i}`, fiveRules(i)])),
    Object.fromEntries(indices.map((i) => [`s${i}`, segmentOf(i)])),
  );
}

/** A flag of W3's shape. */
export function fiveRules(i: number): Flag {
  const when: Condition[] = [
    { attribute: "country", operator: "in", values: COUNTRIES.map((country) => `${country}${i}`) },
    { attribute: "email", operator: "endsWith", values: [`@company-${i}.example`] },
    { attribute: "plan", operator: "in", values: [`plan-${i}`] },
    { attribute: "version", operator: "semverGreaterThanOrEqual", values: [`7.${i}.0`] },
    { segment: `s${i}` },
  ];
  return flagOf({
    seed: `seed${i}`,
    rules: when.map((condition, rule) => ({ id: `r${rule}`, when: condition, serve: { variation: "on" } })),
    fallthrough: halved(50_000),
  });
}

/** The ids of the segment that the flag of the same number tests. */
export function segmentIds(i: number): string[] {
  return Array.from({ length: 100 }, (_, id) => `member-${i}-${id}`);
}

export const LISTED_IDS: readonly string[] = Array.from({ length: CONTEXTS }, (_, i) => `user-${i * 2}`);
export const WEIGHTS: readonly number[] = [10_000, 20_000, 30_000, 40_000];

function contextOf(i: number): Context {
  return {
    targetingKey: `user-${i}`,
    country: ["GB", "DE", "FR", "US"][i % 4] as string,
    email: `user-${i}@mail.example`,
    plan: i % 3 === 0 ? "free" : "team",
    version: `6.${i % 50}.${i % 7}`,
  };
}

function shuffledKeys(): string[] {
  // A multiplier coprime to the count visits every flag in no useful order.
  return Array.from({ length: MANY_FLAGS }, (_, i) => `flag-${(i * 1_231) % MANY_FLAGS}`);
}

function fourVariations(): Flag {
  const ids = ["a", "b", "c", "d"];
  return flagOf({
    variations: [...ids.map((id, i) => ({ id, value: i % 2 === 0 })), { id: "off", value: false }],
    fallthrough: {
      split: {
        unit: "targetingKey",
        weights: ids.map((variation, i) => ({ variation, weight: WEIGHTS[i] ?? 0 })),
      },
    },
  });
}

function listed(): Flag {
  return flagOf({
    targets: [{ unit: "targetingKey", variation: "on", values: [...LISTED_IDS] }],
    fallthrough: { variation: "off" },
  });
}

function halved(weight: number): Flag["fallthrough"] {
  const weights = [
    { variation: "on", weight },
    { variation: "off", weight: 100_000 - weight },
  ];
  return { split: { unit: "targetingKey", weights } };
}

function segmentOf(i: number): Segment {
  return { hash: `hash-${i}`, unit: "targetingKey", included: segmentIds(i), excluded: [] };
}

function flagOf(parts: Partial<Flag>): Flag {
  return {
    type: "boolean",
    hash: `hash-${parts.seed ?? ""}`,
    on: true,
    seed: "seed",
    variations: [
      { id: "on", value: true },
      { id: "off", value: false },
    ],
    off: "off",
    audience: "server",
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: "off" },
    ...parts,
  };
}

function rulesetOf(flags: Record<string, Flag>, segments: Record<string, Segment>): Ruleset {
  return { format: 1, environmentId: "env_bench", epoch: 1, revision: 1, flags, segments, kills: [] };
}
