import { describe, expect, it } from "vitest";
import { textOf, unitsOf } from "./unit-text.ts";

describe("units as text", () => {
  it("are one each, however they were separated", () => {
    expect(unitsOf("a, b;c\n\n a ")).toEqual(["a", "b", "c"]);
  });

  it("stay as they are typed", () => {
    expect(textOf(["a", "b"], "a,\nb\n")).toBe("a,\nb\n");
  });

  it("are shown anew when they are not what was typed", () => {
    expect(textOf(["a", "c"], "a\nb")).toBe("a\nc");
  });
});
