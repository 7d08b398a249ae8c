import fc from "fast-check";
import { expect, test } from "vitest";
import { paceOf } from "./pace.ts";

test("few confirm at once", () => {
  expect(paceOf("server", 415)).toEqual({ confirmWithinMs: 0 });
});

test("many take their turns, every one of them", () => {
  expect(paceOf("server", 6_000)).toEqual({ confirmWithinMs: 6_000 });
});

test("of pages, and of more than ten thousand, a sample confirms", () => {
  expect(paceOf("client", 5_000)).toEqual({ confirmWithinMs: 0, confirmShare: 0.02 });
  expect(paceOf("server", 40_000)).toEqual({ confirmWithinMs: 10_000, confirmShare: 0.25 });
});

test("whatever the number of streams, receipts come at a rate that a node can take", () => {
  fc.assert(
    fc.property(fc.constantFrom("server", "client"), fc.nat(1_000_000), (audience, streams) => {
      const { confirmWithinMs, confirmShare = 1 } = paceOf(audience, streams);
      const receipts = streams * confirmShare;
      expect(receipts / Math.max(0.5, confirmWithinMs / 1_000)).toBeLessThanOrEqual(1_000.1);
    }),
  );
});
