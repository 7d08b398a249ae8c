import fc from "fast-check";
import { expect, test } from "vitest";
import { hashState, murmur3 } from "./hash.ts";
import { bucket, createEvaluator, type Flag, TOTAL_WEIGHT } from "./index.ts";
import { flagOf, ruleOf, rulesetOf, runs } from "./testing/index.ts";

const PATIENCE = 600_000;
const DECILE = TOTAL_WEIGHT / 10;

function rollout(weight: number, seed = "seed"): Flag {
  const weights = [
    { variation: "on", weight },
    { variation: "off", weight: TOTAL_WEIGHT - weight },
  ];
  return flagOf({ seed, fallthrough: { split: { unit: "targetingKey", weights } } });
}

/** How far counts lie from being equal; with many degrees of freedom, nearly normal around their number. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Five standard deviations above the mean: missed by chance less than once in a million. */
const bound = (freedom: number) => freedom + 5 * Math.sqrt(2 * freedom);

const KEYS: [name: string, key: (i: number) => string][] = [
  ["numbers in order", (i) => `${i}`],
  ["names in order", (i) => `user-${i}`],
  ["addresses", (i) => `person.${i}@mail-${i % 7}.example`],
  ["beyond ASCII", (i) => `用户-${i}`],
  ["hexadecimal", (i) => `${(i * 2_654_435_761) % 4_294_967_296}`.padStart(10, "0")],
];

test.each(KEYS)("deciles over 100,000 keys are even: %s", (_, key) => {
  for (const seed of ["seed", "k3v9x2ab", "", "日本"]) {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const decile = Math.floor(bucket(seed, key(i)) / DECILE);
      counts[decile] = (counts[decile] ?? 0) + 1;
    }
    expect(chiSquare(counts)).toBeLessThan(bound(9));
  }
});

test.each(KEYS)("seeds are independent, also ones that differ by one character: %s", (_, key) => {
  for (const [one, other] of [
    ["seed", "other"],
    ["seed1", "seed2"],
    ["a", "aa"],
  ] as const) {
    const counts = new Array<number>(100).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const row = Math.floor(bucket(one, key(i)) / DECILE);
      const column = Math.floor(bucket(other, key(i)) / DECILE);
      counts[row * 10 + column] = (counts[row * 10 + column] ?? 0) + 1;
    }
    expect(chiSquare(counts)).toBeLessThan(bound(99));
  }
});

test("a ramp from 0 to 100 % in steps of 0.001 % only adds units", { timeout: PATIENCE }, () => {
  const units = Array.from({ length: 20 }, (_, i) => `user-${i}`);
  const evaluator = createEvaluator(rulesetOf({ flag: rollout(0) }));
  const inside = new Set<string>();
  for (let weight = 0; weight <= TOTAL_WEIGHT; weight++) {
    evaluator.patch({
      epoch: 1,
      from: weight,
      to: weight + 1,
      flags: { flag: rollout(weight) },
      segments: {},
    });
    for (const unit of units) {
      const on = evaluator.evaluate("flag", { targetingKey: unit }).value === true;
      if (!on && inside.has(unit)) throw new Error(`${unit} left at ${weight}`);
      if (on) inside.add(unit);
    }
  }
  expect(inside.size).toBe(units.length);
});

test("raising the first of two weights only adds units", { timeout: PATIENCE }, () => {
  const property = fc.property(
    fc.string(),
    fc.string({ minLength: 1 }),
    fc.nat(TOTAL_WEIGHT),
    fc.nat(TOTAL_WEIGHT),
    (seed, unit, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const at = (weight: number) =>
        createEvaluator(rulesetOf({ flag: rollout(weight, seed) })).evaluate("flag", { targetingKey: unit })
          .value;
      if (at(low) === true) expect(at(high)).toBe(true);
    },
  );
  fc.assert(property, { numRuns: runs(2_000) });
});

test("every place that buckets agrees, on 100,000 units of any text", { timeout: PATIENCE }, () => {
  const half = TOTAL_WEIGHT / 2;
  const evaluator = createEvaluator(
    rulesetOf({
      split: rollout(half),
      condition: ruleOf({ bucket: { unit: "targetingKey", seed: "seed", below: half } }),
    }),
  );
  const prefix = hashState("seed.");
  const short = Array.from({ length: 0x900 }, (_, code) => `${String.fromCharCode(code)}-`);
  const units = [...short, ...fc.sample(fc.string({ unit: "binary", minLength: 1, maxLength: 24 }), 100_000)];
  for (const unit of units) {
    const hash = plainMurmur3(new TextEncoder().encode(`seed.${unit.replaceAll("\0", "\ufffd")}`));
    const expected = Number((BigInt(hash) * 100_000n) >> 32n);
    const on = expected < half;
    const agree =
      bucket("seed", unit) === expected &&
      murmur3(unit, prefix) >>> 0 === hash &&
      evaluator.evaluate("split", { targetingKey: unit }).value === on &&
      evaluator.evaluate("condition", { targetingKey: unit }).value === on;
    if (!agree) throw new Error(`no agreement on ${JSON.stringify(unit)}`);
  }
});

/** The algorithm as its author wrote it, byte by byte. */
function plainMurmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scrambled = (word: number) => {
    const k = Math.imul(word, 0xcc9e2d51);
    return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  };
  let h = 0;
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) {
    h ^= scrambled(view.getInt32(i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= whole; i--) tail = (tail << 8) | (bytes[i] ?? 0);
  h ^= scrambled(tail) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
