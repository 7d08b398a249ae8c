import { describe, expect, it } from "vitest";
import {
  type NewFlagValues,
  newFlagBody,
  parseValue,
  STARTING_VARIATIONS,
  variationFaults,
} from "./new-flag.ts";

const values: NewFlagValues = {
  name: "New cart",
  key: "new-cart",
  description: "",
  type: "boolean",
  purpose: "release",
  audience: "server",
  tags: [],
  variations: STARTING_VARIATIONS.boolean,
  off: "off",
};

describe("a new flag", () => {
  it("leaves the variations of a boolean to the server", () => {
    expect(newFlagBody(values)).not.toHaveProperty("variations");
  });

  it("sends values of the flag's type", () => {
    const body = newFlagBody({ ...values, type: "number", variations: [{ id: "a", text: "1.5" }], off: "a" });
    expect(body.variations).toEqual([{ id: "a", value: 1.5 }]);
    expect(body.off).toBe("a");
  });

  it("refuses what is not of the type", () => {
    expect(parseValue("number", " ")).toEqual({ fault: "A number" });
    expect(parseValue("number", "1e999")).toEqual({ fault: "A number" });
    expect(parseValue("json", "{a}")).toEqual({ fault: "This is not JSON" });
    expect(parseValue("boolean", "yes")).toHaveProperty("fault");
    expect(parseValue("string", "")).toEqual({ value: "" });
  });

  it("names the variation that is wrong", () => {
    const list = [
      { id: "a", text: "1" },
      { id: "a", text: "x" },
      { id: " ", text: "2" },
    ];
    expect(variationFaults("number", list)).toEqual({
      "variations.1.text": "A number",
      "variations.1.id": "Used above",
      "variations.2.id": "Needed",
    });
  });
});
