import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces } from "./in-pieces.ts";

test("pieces together are what JSON.stringify makes", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (object, list) => {
      const value = { ...object, list, absent: undefined };
      expect([...inPieces(value)].join("")).toBe(JSON.stringify(value));
      expect([...inPieces(list)].join("")).toBe(JSON.stringify(list));
    }),
  );
});

test("no piece is much larger than the largest of the things in it", () => {
  const text = "a".repeat(1_000);
  const value = { deep: { list: Array.from({ length: 1_000 }, () => [text]) } };
  const lengths = Array.from(inPieces(value), ({ length }) => length);
  expect(lengths.length).toBeGreaterThan(10);
  expect(Math.max(...lengths)).toBeLessThan(70_000);
});
