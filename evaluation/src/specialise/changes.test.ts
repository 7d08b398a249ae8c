import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ruleset } from "../index.ts";
import { contextArbitrary, PUBLIC_ATTRIBUTES, rulesetArbitrary, runs } from "../testing/index.ts";
import { createSpecialiser, specialise } from "./index.ts";

const registry = { publicAttributes: PUBLIC_ATTRIBUTES };

/** What `after` says of the keys; null removes. */
function changesOf<T>(after: Record<string, T>, keys: string[]): Record<string, T | null> {
  return Object.fromEntries(keys.map((key) => [key, after[key] ?? null]));
}

function changed<T>(before: Record<string, T>, changes: Record<string, T | null>): Record<string, T> {
  const entries = Object.entries({ ...before, ...changes }).filter(([, content]) => content !== null);
  return Object.fromEntries(entries) as Record<string, T>;
}

const keys = fc.record({ flags: fc.subarray(["f0", "f1", "f2"]), segments: fc.subarray(["s0", "s1", "s2"]) });

const sorted = ({ flags }: Ruleset) => Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1));

test("a specialiser that followed changes equals one that was made for the result, and names what it touched", () => {
  fc.assert(
    fc.property(
      rulesetArbitrary,
      rulesetArbitrary,
      keys,
      contextArbitrary,
      (before, after, chosen, verified) => {
        const flags = changesOf(after.flags, chosen.flags);
        const segments = changesOf(after.segments, chosen.segments);
        const specialiser = createSpecialiser(before, registry);
        const old = specialiser.residual(verified).flags;
        const touched = specialiser.apply(flags, segments);
        const made = specialiser.residual(verified);
        const whole = {
          ...before,
          flags: changed(before.flags, flags),
          segments: changed(before.segments, segments),
        };
        expect(sorted(made)).toEqual(sorted(specialise(whole, verified, registry)));
        for (const key of new Set([...Object.keys(old), ...Object.keys(made.flags)]))
          if (!touched.includes(key)) expect(made.flags[key]).toEqual(old[key]);
      },
    ),
    { numRuns: runs(1_000) },
  );
});

test("equal residuals are one object, and only flags that ask something private differ between users", () => {
  fc.assert(
    fc.property(rulesetArbitrary, contextArbitrary, contextArbitrary, (ruleset, one, other) => {
      const specialiser = createSpecialiser(ruleset, registry);
      const [ones, others] = [specialiser.forUser(one), specialiser.forUser(other)];
      for (const [key, { isPersonal }] of specialiser.flags) {
        const equal = JSON.stringify(ones(key)) === JSON.stringify(others(key));
        expect(ones(key) === others(key)).toBe(equal);
        if (!isPersonal) expect(equal).toBe(true);
      }
    }),
    { numRuns: runs(1_000) },
  );
});
