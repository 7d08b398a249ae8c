import type { Segment } from "@lanyard/evaluation";
import { deltaBetween, type SegmentDelta } from "@lanyard/evaluation/segment-delta";
import { segmentOf } from "@lanyard/evaluation/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFrame } from "./frames.ts";
import { createExpand } from "./segment-deltas.ts";
import { createStore } from "./store.ts";
import { rulesetOf } from "./testing/index.ts";

/** As the segments of tests are named. */
const hashOf = (json: string) => json;

function holding(segment: Segment) {
  const store = createStore(undefined, { changed() {}, killed() {} });
  store.put(rulesetOf({}, { segments: { beta: segment } }), "stream");
  const expand = createExpand(store.evaluator, hashOf);
  const receive = (change: unknown, from = 1) => {
    const patch = { epoch: 1, from, to: from + 1, flags: {}, segments: { beta: change } };
    return store.patch(parseFrame("patch", JSON.stringify(patch), expand));
  };
  return { receive, held: () => store.snapshot().segments.beta };
}

const [a, b, c] = [{ included: ["u-1"] }, { included: ["u-1", "u-2"] }, { excluded: ["u-3"] }].map(
  segmentOf,
) as [Segment, Segment, Segment];

describe("a segment's delta", () => {
  it("brings, change after change, exactly what the server holds", () => {
    const list = fc.constantFrom("included" as const, "excluded" as const);
    const step = fc.record({ list, gone: fc.nat(9), come: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { receive, held } = holding(a);
        let server = a;
        for (const [at, { list, gone, come }] of steps.entries()) {
          const { hash: _, ...content } = server;
          const units = new Set([`u-${come}`, ...server[list]]);
          units.delete(`u-${gone}`);
          const next = segmentOf({ ...content, [list]: [...units] });
          expect(receive(deltaBetween(server, next), at + 1)).toBe(true);
          expect(held()).toEqual(next);
          server = next;
        }
      }),
    );
  });

  it("changes nothing unless it leads to the very content that it names", () => {
    const units = fc.array(fc.constantFrom("u-1", "u-2", "u-3"), { maxLength: 4 });
    const segment = fc.record({ included: units, excluded: units }).map(segmentOf);
    fc.assert(
      fc.property(segment, segment, segment, (before, after, other) => {
        const { receive, held } = holding(before);
        try {
          expect(receive({ ...deltaBetween(other, after), from: before.hash })).toBe(true);
          expect(held()).toEqual(after);
        } catch (error) {
          expect(String(error)).toContain("a damaged patch was refused");
          expect(held()).toEqual(before);
        }
      }),
    );
  });

  it("is refused whole from another base, with another outcome, or when it is damaged", () => {
    const good = deltaBetween(a, b);
    const bad: unknown[] = [
      deltaBetween(c, b),
      { ...good, from: b.hash },
      { ...good, to: c.hash },
      { ...good, add: { included: ["u-2", "u-4"], excluded: [] } },
      { ...good, add: { included: [2], excluded: [] } },
      { from: a.hash },
      { ...deltaBetween(c, b), included: [] },
      { from: null },
    ];
    for (const delta of bad) {
      const { receive, held } = holding(a);
      expect(() => receive(delta)).toThrow("a damaged patch was refused");
      expect(held()).toEqual(a);
      expect(receive(good)).toBe(true);
      expect(held()).toEqual(b);
    }
  });

  it("of a patch that is not the next one is not looked at", () => {
    const { receive, held } = holding(a);
    const delta: SegmentDelta = deltaBetween(c, b);
    expect(receive(delta, 0)).toBe(true);
    expect(receive(delta, 2)).toBe(false);
    expect(held()).toEqual(a);
  });

  it("may stand beside whole segments and removals", () => {
    const { receive, held } = holding(a);
    receive(c);
    expect(held()).toEqual(c);
    receive(null, 2);
    expect(held()).toBeUndefined();
  });
});
