import fc from "fast-check";
import { expect, test } from "vitest";
import { digestHeld, digestOf } from "./digest.ts";
import { createEvaluator, type Evaluator } from "./index.ts";
import {
  assertSame,
  contextArbitrary,
  decideByReference,
  oneLayer,
  rulesetArbitrary,
  runs,
} from "./testing/index.ts";
import { validate } from "./validate/index.ts";

test("the evaluator decides as the plain reference does", () => {
  fc.assert(
    fc.property(
      rulesetArbitrary,
      fc.array(contextArbitrary, { minLength: 1, maxLength: 3 }),
      (ruleset, contexts) => {
        const evaluator = createEvaluator(ruleset);
        for (const context of contexts) {
          for (const key of [...Object.keys(ruleset.flags), "gone"]) {
            expect(evaluator.evaluate(key, context)).toEqual(
              decideByReference(ruleset, key, oneLayer(context)),
            );
          }
        }
      },
    ),
    { numRuns: runs(1_500) },
  );
}, 600_000);

/** Every key that something is held under, be it only that others refer to it. */
const keysHeldBy = ({ entries }: Evaluator): string[][] =>
  [entries.flag, entries.segment].map((held) => [...held.keys()].sort());

test("whatever order patches come in, the answers are those of the ruleset that results", () => {
  fc.assert(
    fc.property(
      rulesetArbitrary,
      rulesetArbitrary,
      contextArbitrary,
      fc.infiniteStream(fc.boolean()),
      (from, to, context, take) => {
        const evaluator = createEvaluator({ ...from, kills: [] });
        const keys = [...Object.keys(from.flags)];
        const before = new Map(keys.map((key) => [key, evaluator.evaluate(key, context)]));
        const chosen = <T>(entries: Record<string, T>) =>
          Object.fromEntries(
            Object.entries(entries).flatMap(([key, value]): [string, T | null][] =>
              take.next().value ? [[key, take.next().value && take.next().value ? null : value]] : [],
            ),
          );
        digestHeld(evaluator);
        const patch = { flags: chosen(to.flags), segments: chosen(to.segments) };
        const changed = evaluator.patch({ epoch: 1, from: 1, to: 2, ...patch });
        const fresh = createEvaluator(evaluator.snapshot());
        expect(digestHeld(evaluator)).toBe(digestOf(fresh.snapshot()));
        expect(keysHeldBy(evaluator)).toEqual(keysHeldBy(fresh));
        for (const key of keys) {
          const after = evaluator.evaluate(key, context);
          assertSame(after, fresh.evaluate(key, context));
          if (!changed.includes(key)) expect(after).toBe(before.get(key));
        }
        expect(evaluator.replace({ ...to, kills: [] })).toEqual(expect.any(Array));
        const replaced = createEvaluator({ ...to, kills: [] });
        expect(digestHeld(evaluator)).toBe(digestOf(to));
        expect(keysHeldBy(evaluator)).toEqual(keysHeldBy(replaced));
        for (const key of keys) assertSame(evaluator.evaluate(key, context), replaced.evaluate(key, context));
      },
    ),
    { numRuns: runs(800) },
  );
}, 600_000);

test("what can be saved is supported", () => {
  fc.assert(
    fc.property(rulesetArbitrary, (ruleset) => {
      const faults = validate(ruleset).filter(({ code }) => code !== "empty");
      expect(faults).toEqual([]);
      const evaluator = createEvaluator({ ...ruleset, kills: [] });
      for (const key of evaluator.keys()) expect(evaluator.evaluate(key, {}).reason).not.toBe("unsupported");
    }),
    { numRuns: runs(300) },
  );
});
