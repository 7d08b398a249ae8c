import type { KillElement } from "@lanyard/evaluation";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  activeKills,
  emptyKillSet,
  isKilled,
  type KillSet,
  liftedOf,
  mergeKilled,
  mergeLifted,
} from "./kill-set.ts";

type Fact = { kind: "kill" | "lift"; elements: KillElement[] };

const element = fc.record({
  id: fc.constantFrom("kill_a", "kill_b", "kill_c"),
  flag: fc.constantFrom("checkout", "search", "banner"),
  at: fc.constant("2026-11-22T03:00:00.000Z"),
});
const fact: fc.Arbitrary<Fact> = fc.record({
  kind: fc.constantFrom("kill" as const, "lift" as const),
  elements: fc.array(element, { maxLength: 5 }),
});
const facts = fc.array(fact, { maxLength: 12 });

function tell(set: KillSet, { kind, elements }: Fact) {
  return kind === "kill" ? mergeKilled(set, elements) : mergeLifted(set, elements);
}

function merged(all: Fact[]): KillSet {
  const set = emptyKillSet();
  for (const each of all) tell(set, each);
  return set;
}

test("any order, any number of times: the same kills are active", () => {
  const shuffledTwice = facts.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
  );
  fc.assert(
    fc.property(shuffledTwice, ([all, again]) => {
      expect(activeKills(merged(again))).toEqual(activeKills(merged(all)));
    }),
    { numRuns: 2_000 },
  );
});

test("active is exactly what was killed and never lifted, even where the lift came first", () => {
  fc.assert(
    fc.property(facts, (all) => {
      const named = (kind: Fact["kind"]) =>
        new Set(
          all.flatMap((each) =>
            each.kind === kind ? each.elements.map(({ id, flag }) => `${id} ${flag}`) : [],
          ),
        );
      const lifted = named("lift");
      const expected = [...named("kill")].filter((name) => !lifted.has(name)).sort();
      expect(activeKills(merged(all)).map(({ id, flag }) => `${id} ${flag}`)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("a stream that is told only what is new ends up with the same kills", () => {
  fc.assert(
    fc.property(facts, (all) => {
      const server = emptyKillSet();
      const sdk = emptyKillSet();
      for (const each of all) tell(sdk, { kind: each.kind, elements: tell(server, each) as KillElement[] });
      expect(activeKills(sdk)).toEqual(activeKills(server));
    }),
    { numRuns: 2_000 },
  );
});

test("whoever left and comes back is told the lifts of what it holds, and the active kills", () => {
  fc.assert(
    fc.property(facts, facts, (before, after) => {
      const sdk = merged(before);
      const server = merged([...before, ...after]);
      mergeKilled(sdk, activeKills(server));
      mergeLifted(sdk, liftedOf(server, new Set(activeKills(sdk).map(({ id }) => id))));
      expect(activeKills(sdk)).toEqual(activeKills(server));
    }),
    { numRuns: 2_000 },
  );
});

test("the version moves exactly when what is active may have changed", () => {
  const set = emptyKillSet();
  const kill = { id: "kill_a", flag: "search", at: "2026-11-22T03:00:00.000Z" };
  mergeKilled(set, [kill]);
  const { version } = set;
  mergeKilled(set, [kill]);
  expect(set.version).toBe(version);
  expect(isKilled(set, kill.flag)).toBe(true);
  mergeLifted(set, [kill]);
  expect(set.version).toBe(version + 1);
  expect(isKilled(set, kill.flag)).toBe(false);
});
