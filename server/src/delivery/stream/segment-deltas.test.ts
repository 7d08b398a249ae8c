import type { Condition, Segment } from "@lanyard/evaluation";
import { applyDelta, type SegmentDelta } from "@lanyard/evaluation/segment-delta";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeSegment } from "../../management/live/index.ts";
import { entryOf } from "../environments/state.ts";
import { takesDeltas, withDeltas } from "./segment-deltas.ts";

const segmentOf = (parts: Partial<Segment>) =>
  makeSegment({ unit: "targetingKey", included: [], excluded: [], ...parts });

const PLAN: Condition = { attribute: "plan", operator: "in", values: ["pro"] };

const units = fc.array(
  fc.nat(20).map((number) => `unit-${number}`),
  { maxLength: 12 },
);
const segment = fc
  .record({
    unit: fc.constantFrom("targetingKey", "company"),
    included: units,
    excluded: units,
    when: fc.option(fc.constant(PLAN), { nil: undefined }),
  })
  .map(({ when, ...lists }) => segmentOf({ ...lists, ...(when && { when }) }));

const sent = (before: Segment | null, after: Segment | null) => {
  const [from, to] = [entryOf(before, 1), entryOf(after, 2)];
  const json = withDeltas(new Map([["beta", to]]), new Map([["beta", from]])).get("beta")?.json ?? "";
  return { json, whole: to.json, change: JSON.parse(json) as Segment | SegmentDelta };
};

test("what is sent of a segment leads to its bytes, and is never more than they are", () => {
  fc.assert(
    fc.property(segment, segment, (before, after) => {
      const { json, whole, change } = sent(before, after);
      expect(json.length).toBeLessThanOrEqual(whole.length);
      if ("from" in change)
        expect(JSON.stringify(applyDelta(entryOf(before, 1).content as Segment, change))).toBe(whole);
      else expect(json).toBe(whole);
    }),
  );
});

test("a change of the lists alone is a delta; what is no smaller, or changes more, is the segment", () => {
  const many = Array.from({ length: 100 }, (_, at) => `unit-${at}`);
  const before = segmentOf({ included: many, excluded: ["a"] });
  const grown = segmentOf({ included: [...many.slice(1), "new"], excluded: [] });
  expect(sent(before, grown).change).toEqual({
    from: before.hash,
    to: grown.hash,
    add: { included: ["new"], excluded: [] },
    remove: { included: ["unit-0"], excluded: ["a"] },
  });
  const twice = segmentOf({ included: [...many, "unit-0"], excluded: [] });
  const wholes: [Segment | null, Segment | null][] = [
    [before, segmentOf({ included: ["new", ...many], excluded: ["a"] })],
    [twice, segmentOf({ included: many, excluded: [] })],
    [before, segmentOf({ included: many, excluded: ["a"], unit: "company" })],
    [null, grown],
    [before, null],
  ];
  for (const [from, to] of wholes) expect(sent(from, to).json).toBe(sent(from, to).whole);
});

test("who takes deltas says so", () => {
  const says = (accept?: string) => takesDeltas(accept === undefined ? {} : { "lanyard-accept": accept });
  expect(says("segment-deltas")).toBe(true);
  expect(says("other, segment-deltas")).toBe(true);
  expect(says("segment-deltas-2")).toBe(false);
  expect(says()).toBe(false);
});
