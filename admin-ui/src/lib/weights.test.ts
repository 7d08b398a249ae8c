import { createEvaluator, type Weight } from "@lanyard/evaluation";
import { flagOf, rulesetOf } from "@lanyard/evaluation/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenWeights, formatPercent, movesBetween, setWeight, TOTAL_WEIGHT } from "./weights.ts";

const two = [
  { variation: "on", weight: 25_000 },
  { variation: "off", weight: 75_000 },
];

describe("weights of a split", () => {
  it("gives the other of two the rest", () => {
    expect(setWeight(two, 0, 1).map((entry) => entry.weight)).toEqual([1, 99_999]);
    expect(setWeight(two, 1, 100_000).map((entry) => entry.weight)).toEqual([0, 100_000]);
  });

  it("keeps the proportion of the others, and shares evenly where they have nothing", () => {
    const three = [
      { variation: "a", weight: 50_000 },
      { variation: "b", weight: 40_000 },
      { variation: "c", weight: 10_000 },
    ];
    expect(setWeight(three, 0, 0).map((entry) => entry.weight)).toEqual([0, 80_000, 20_000]);
    const full = setWeight(three, 0, TOTAL_WEIGHT);
    expect(setWeight(full, 0, 0).map((entry) => entry.weight)).toEqual([0, 50_000, 50_000]);
  });

  it("always sums to 100 %, in whole thousandths, whatever is set", () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: TOTAL_WEIGHT }), { minLength: 1, maxLength: 8 })
      .map((list) => list.map((weight, at) => ({ variation: `v${at}`, weight })));
    fc.assert(
      fc.property(weights, fc.nat(), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (list, at, weight) => {
        const after = setWeight(list, at % list.length, weight);
        expect(after.reduce((sum, entry) => sum + entry.weight, 0)).toBe(TOTAL_WEIGHT);
        expect(after.every((entry) => Number.isInteger(entry.weight) && entry.weight >= 0)).toBe(true);
      }),
    );
  });

  it("starts even", () => {
    expect(evenWeights(["a", "b", "c"]).map((entry) => entry.weight)).toEqual([33_334, 33_333, 33_333]);
  });

  it("says who moves: in a split of two only to the one that grows", () => {
    expect(movesBetween(two, two)).toEqual([]);
    expect(movesBetween(two, setWeight(two, 0, 30_000))).toEqual([{ from: "off", to: "on", weight: 5_000 }]);
    expect(movesBetween(two, setWeight(two, 0, 20_000))).toEqual([{ from: "on", to: "off", weight: 5_000 }]);
    const three = evenWeights(["a", "b", "c"]);
    expect(movesBetween(three, setWeight(three, 0, 0))).toEqual([
      { from: "a", to: "b", weight: 33_334 },
      { from: "b", to: "c", weight: 16_667 },
    ]);
  });

  it("says who moves as the evaluator decides it", () => {
    const weights = fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }).map((parts) => {
      const [a = 0, b = 0, c = 0] = parts.map((part) => part + 1);
      const [first, second] = [a, b].map((part) => Math.floor((part / (a + b + c)) * TOTAL_WEIGHT));
      const rest = TOTAL_WEIGHT - (first ?? 0) - (second ?? 0);
      return [first, second, rest].map((weight = 0, at) => ({ variation: `v${at}`, weight }));
    });
    const variations = ["v0", "v1", "v2"].map((id) => ({ id, value: id }));
    const serves = (list: Weight[], targetingKey: string) => {
      const split = { unit: "targetingKey", weights: list };
      const flag = flagOf({ type: "string", variations, off: "v0", fallthrough: { split } });
      return createEvaluator(rulesetOf({ flag })).evaluate("flag", { targetingKey }).variation;
    };
    fc.assert(
      fc.property(weights, weights, fc.uuid(), (before, after, unit) => {
        const [from, to] = [serves(before, unit), serves(after, unit)];
        const moves = movesBetween(before, after);
        if (from !== to) expect(moves.some((move) => move.from === from && move.to === to)).toBe(true);
      }),
    );
  });

  it("writes the finest step", () => {
    expect(formatPercent(1)).toBe("0.001\u00a0%");
    expect(formatPercent(25_000)).toBe("25\u00a0%");
  });
});
