import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenWeights, formatPercent, setWeight, splitMovement, TOTAL_WEIGHT } from "./weights.ts";

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

  it("says who moves", () => {
    expect(splitMovement(two, two)).toBe("same");
    expect(splitMovement(two, setWeight(two, 0, 30_000))).toBe("adds");
    expect(splitMovement(two, setWeight(two, 0, 20_000))).toBe("removes");
    expect(splitMovement(two, [...two].reverse())).toBe("moves");
    expect(splitMovement(evenWeights(["a", "b", "c"]), setWeight(evenWeights(["a", "b", "c"]), 0, 0))).toBe(
      "moves",
    );
  });

  it("writes the finest step", () => {
    expect(formatPercent(1)).toBe("0.001 %");
    expect(formatPercent(25_000)).toBe("25 %");
  });
});
