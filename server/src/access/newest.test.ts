import { expect, test } from "vitest";
import { Newest } from "./newest.ts";

test("it forgets the oldest, and what was said again is new", () => {
  const newest = new Newest<number>(2);
  newest.set("a", 1);
  newest.set("b", 2);
  newest.set("a", 3);
  newest.set("c", 4);
  expect(["a", "b", "c"].map((key) => newest.get(key))).toEqual([3, undefined, 4]);
});
