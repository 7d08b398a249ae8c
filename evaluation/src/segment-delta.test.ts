import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta, deltaBetween } from "./segment-delta.ts";
import { segmentOf } from "./testing/index.ts";

const units = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "é", "__proto__", "1"));
const segment = fc.record({ included: units, excluded: units }).map(segmentOf);

test("a delta leads from any content to any other, down to the order of its lists", () => {
  fc.assert(
    fc.property(segment, segment, (from, to) => {
      expect(applyDelta(from, deltaBetween(from, to))).toEqual(to);
    }),
  );
});

test("it names what came and what went, and nothing that stays where it stood", () => {
  const included = Array.from({ length: 1_000 }, (_, at) => `unit-${at}`);
  const from = segmentOf({ included, excluded: ["a"] });
  const to = segmentOf({ included: [...included.slice(1), "new"], excluded: ["a", "b"] });
  expect(deltaBetween(from, to)).toEqual({
    from: from.hash,
    to: to.hash,
    add: { included: ["new"], excluded: ["b"] },
    remove: { included: ["unit-0"], excluded: [] },
  });
});
