import { describe, expect, it } from "vitest";
import { actionWords, describeChange } from "./describe-change.ts";

const targeting = { on: false, prerequisites: [], targets: [], rules: [], fallthrough: { variation: "off" } };

describe("a change in words", () => {
  it("finds targeting, bare or wrapped", () => {
    const lines = [{ kind: "turn-on", text: "Turns the flag on" }];
    expect(describeChange({ before: targeting, after: { ...targeting, on: true } })).toEqual(lines);
    expect(
      describeChange({ before: { targeting }, after: { targeting: { ...targeting, on: true } } }),
    ).toEqual(lines);
  });

  it("goes field by field through anything else", () => {
    const before = { id: "1", name: "Old", tags: ["a", "b"], description: "" };
    const after = { id: "2", name: "New", tags: ["b", "c"], description: "x" };
    expect(describeChange({ before, after }).map((line) => line.text)).toEqual([
      "name: “New” (was “Old”)",
      "tags: adds c",
      "tags: removes a",
      "description: “x” (was nothing)",
    ]);
  });

  it("reads a segment's content", () => {
    const content = { unit: "targetingKey", included: ["a"], excluded: [], when: { segment: "x" } };
    const after = { content: { ...content, included: [], when: { not: { segment: "x" } } } };
    expect(describeChange({ before: { content }, after }).map((line) => line.text)).toEqual([
      "included: removes a",
      "when: not (in segment x) (was in segment x)",
    ]);
  });

  it("has nothing to compare when something is made or deleted", () => {
    expect(describeChange({ before: null, after: { name: "x" } })).toEqual([]);
    expect(actionWords("flag.targeting.saved")).toBe("saved the targeting of");
    expect(actionWords("some.new-thing")).toBe("some new thing");
  });
});
