import { expect, test } from "vitest";
import { createNodeWords } from "./node-words.ts";

test("each node's last word counts until it is taken back, or not repeated for long", () => {
  let now = 0;
  const words = createNodeWords<string>(() => now);
  words.note("development", "a", "one");
  words.note("development", "a", "two");
  now = 20_000;
  words.note("development", "b", "three");
  words.note("staging", "b", "four");
  expect(words.of("development")).toEqual(["two", "three"]);
  now = 40_000;
  expect(words.of("development")).toEqual(["three"]);
  words.note("development", "b", undefined);
  expect(words.of("development")).toEqual([]);
  expect(words.of("staging")).toEqual(["four"]);
});
