import type { Condition } from "@lanyard/evaluation";
import { describe, expect, it } from "vitest";
import { conditionOf, groupOf, kindOf, negated } from "./condition-tree.ts";
import { scalarFromText, shapeOf, valuesFromText, withOperator } from "./operators.ts";

const test: Condition = { attribute: "country", operator: "in", values: ["NO"] };

describe("what the builder can show", () => {
  it("knows the shapes of the model, and leaves every other one alone", () => {
    expect(kindOf(test)).toBe("test");
    expect(kindOf({ not: test })).toBe("not");
    expect(kindOf({ all: [test], note: "?" } as unknown as Condition)).toBe("other");
    expect(kindOf({ bucket: { unit: "u", seed: "s", below: 1 } })).toBe("other");
    expect(kindOf({ xor: [] } as unknown as Condition)).toBe("other");
  });

  it("opens a condition as a list and closes it as it was", () => {
    expect(conditionOf(groupOf(test), test)).toEqual(test);
    const any: Condition = { any: [test] };
    expect(conditionOf(groupOf(any), any)).toEqual(any);
    expect(conditionOf({ word: "all", items: [test, test] }, test)).toEqual({ all: [test, test] });
  });

  it("negates and takes it back", () => {
    expect(negated(negated(test))).toEqual(test);
  });
});

describe("values of a test", () => {
  it("falls back to JSON where an input would lose something", () => {
    expect(shapeOf({ attribute: "a", operator: "lessThan", values: [1, 2] })).toBe("unknown");
    expect(shapeOf({ attribute: "a", operator: "in", values: [{ a: 1 }] })).toBe("unknown");
    expect(shapeOf({ attribute: "a", operator: "future", values: [] })).toBe("unknown");
    expect(shapeOf({ attribute: "a", operator: "semverEqual", values: ["1.0"] })).toBe("version");
  });

  it("keeps the type of a value", () => {
    expect(valuesFromText(["1", "2"], [1], false)).toEqual([1, "2"]);
    expect(valuesFromText(["3"], [], true)).toEqual([3]);
    expect(scalarFromText(" true ")).toBe(true);
    expect(scalarFromText("1.5")).toBe(1.5);
    expect(scalarFromText("maybe")).toBeUndefined();
  });

  it("carries values over to an operator that takes them", () => {
    const from = { attribute: "a", operator: "in", values: ["x"], ignoreCase: true };
    expect(withOperator(from, "contains")).toEqual({ ...from, operator: "contains" });
    expect(withOperator(from, "lessThan")).toEqual({ attribute: "a", operator: "lessThan", values: [] });
    expect(withOperator(from, "exists")).toEqual({ attribute: "a", operator: "exists" });
  });
});
