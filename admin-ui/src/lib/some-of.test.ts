import { expect, test } from "vitest";
import { someOf } from "./some-of.ts";

test("many names are said as the first few and a count", () => {
  expect(someOf(["a", "b"], 2)).toBe("a, b");
  expect(someOf(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  expect(someOf([], 2)).toBe("");
});
