import type { Flag, Ruleset, Segment } from "@lanyard/evaluation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRuleset, parseFrame } from "./frames.ts";
import { createStore } from "./store.ts";
import { booleanFlag, rulesetOf } from "./testing/index.ts";

const junk = fc.jsonValue({ maxDepth: 1 });
/** Of the outer shape that is let in, and anything inside. */
const poisoned = fc
  .record({
    variations: fc.array(junk),
    prerequisites: fc.array(junk),
    rules: junk,
    targets: junk,
    fallthrough: junk,
  })
  .chain((parts) =>
    fc.tuple(fc.constant(parts), fc.record({ off: junk, on: junk, hash: junk, seed: junk, stale: junk })),
  )
  .map(([parts, more]) => ({ ...parts, ...more }) as unknown as Flag);
const key = fc.constantFrom("a", "b", "__proto__", "constructor", "");
const segment = junk.map(
  (when) => ({ hash: "h", unit: "u", included: [], excluded: [], when }) as unknown as Segment,
);
const rules = fc
  .record({
    flags: fc.dictionary(key, poisoned, { maxKeys: 3 }),
    segments: fc.dictionary(key, segment, { maxKeys: 2 }),
  })
  .map(({ flags, segments }) => rulesetOf(flags, { segments }));

const store = () => createStore(undefined, { changed() {}, killed() {} });

describe("a poisoned ruleset", () => {
  it("that has the outer shape never makes anything throw, and leaves good flags good", () => {
    fc.assert(
      fc.property(rules, rules, (first, second) => {
        const held = store();
        held.put({ ...first, flags: { ...first.flags, good: booleanFlag() } }, "stream");
        const { flags, segments } = second;
        held.patch({ epoch: 1, from: 1, to: 2, flags, segments });
        for (const each of [...held.evaluator.keys()])
          held.evaluator.evaluate(each, { targetingKey: "u", a: 1 });
        expect(held.evaluator.evaluate("good", {}).value).toBe(true);
        held.snapshot();
      }),
      { numRuns: 60 },
    );
  });

  it("that has not is refused whole", () => {
    fc.assert(
      fc.property(junk, (value) => {
        expect(isRuleset(value)).toBe(false);
        expect(() => parseFrame("put", JSON.stringify(value))).toThrow("damaged put");
      }),
    );
  });

  it("does not repeat in its error what may be secret", () => {
    const text = JSON.stringify({ ...rulesetOf({}), flags: { secret: 1 } } as unknown as Ruleset);
    expect(() => parseFrame("put", text.slice(0, -1))).toThrow(/^a damaged put was refused$/);
    expect(() => parseFrame("put", text)).toThrow(/^a damaged put was refused$/);
  });
});
