import type { KillElement } from "@lanyard/evaluation";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiftElement } from "./announcement.ts";
import { killId, parseKillId } from "./kill-id.ts";
import {
  activeKills,
  type Elements,
  elementsOf,
  emptyKillSet,
  isKilled,
  type KillSet,
  liftedOf,
  mergeKills,
  missingFrom,
  timeOfLift,
} from "./kill-set.ts";

const MIDNIGHT = Date.parse("2026-11-22T00:00:00.000Z");
const ROOTS = ["kill_a", "kill_b", "kill_once_c"];
const FLAGS = ["checkout", "search"];

const at = fc.integer({ min: 1, max: 9 }).map((minute) => new Date(MIDNIGHT + minute * 60_000).toISOString());
const element = fc.record({ id: fc.constantFrom(...ROOTS), flag: fc.constantFrom(...FLAGS), at });
const told = fc.record({
  killed: fc.array(element, { maxLength: 3 }),
  lifted: fc.array(element, { maxLength: 3 }),
});
const facts = fc.array(told, { maxLength: 10 });

function merged(all: Partial<Elements>[]): KillSet {
  const set = emptyKillSet();
  for (const each of all) mergeKills(set, each);
  return set;
}

/** What an SDK does: two sets that only grow, and no clock. */
function sdkOf() {
  const killed = new Map<string, KillElement>();
  const lifted = new Set<string>();
  const nameOf = ({ id, flag }: LiftElement) => `${id} ${flag}`;
  return {
    hear({ killed: more, lifted: over }: { killed: KillElement[]; lifted: LiftElement[] }) {
      for (const each of more) killed.set(nameOf(each), each);
      for (const each of over) lifted.add(nameOf(each));
    },
    held: () => [...killed.values()].filter((each) => !lifted.has(nameOf(each))).sort(byName),
  };
}

const byName = (a: LiftElement, b: LiftElement) => (`${a.id}\n${a.flag}` < `${b.id}\n${b.flag}` ? -1 : 1);
const names = (elements: LiftElement[]) => elements.map(({ id, flag }) => `${id} ${flag}`);

describe("whatever was told", () => {
  test("any order, any number of times: the same kills are active, under the same ids", () => {
    const shuffledTwice = facts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
    fc.assert(
      fc.property(shuffledTwice, ([all, again]) => {
        expect(elementsOf(merged(again)).lifted.sort(byName)).toEqual(
          elementsOf(merged(all)).lifted.sort(byName),
        );
        expect(activeKills(merged(again))).toEqual(activeKills(merged(all)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("a flag is down exactly while its newest kill is newer than its newest lift; an episode only until its first", () => {
    fc.assert(
      fc.property(facts, (all) => {
        const newest = (kind: "killed" | "lifted", root: string, flag: string) =>
          all
            .flatMap((each) => each[kind])
            .filter((each) => each.id === root && each.flag === flag)
            .reduce((max, each) => Math.max(max, Date.parse(each.at)), 0);
        const set = merged(all);
        for (const flag of FLAGS) {
          const down = ROOTS.some((root) => {
            const [killedAt, liftedAt] = [newest("killed", root, flag), newest("lifted", root, flag)];
            return root.startsWith("kill_once_") ? killedAt > 0 && liftedAt === 0 : killedAt > liftedAt;
          });
          expect(isKilled(set, flag)).toBe(down);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("an SDK that is told only what is new holds the same kills", () => {
    fc.assert(
      fc.property(facts, (all) => {
        const server = emptyKillSet();
        const sdk = sdkOf();
        for (const each of all) sdk.hear(mergeKills(server, each));
        expect(names(sdk.held())).toEqual(names(activeKills(server)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("an SDK that comes to another node is told what is over of what it holds", () => {
    fc.assert(
      fc.property(facts, facts, (before, more) => {
        const first = emptyKillSet();
        const sdk = sdkOf();
        for (const each of before) sdk.hear(mergeKills(first, each));
        const second = merged([...more, ...before]);
        const lifted = liftedOf(second, new Set(sdk.held().map(({ id }) => id)));
        sdk.hear({ killed: activeKills(second), lifted });
        expect(names(sdk.held())).toEqual(names(activeKills(second)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what one set is missing of another makes it the same", () => {
    fc.assert(
      fc.property(facts, facts, (ours, theirs) => {
        const other = merged(theirs);
        mergeKills(other, missingFrom(elementsOf(other), merged(ours)));
        expect(activeKills(other)).toEqual(activeKills(merged([...theirs, ...ours])));
      }),
      { numRuns: 1_000 },
    );
  });
});

test("what was killed after a lift that nobody there had heard of goes on under another id, in one step", () => {
  const [early, lift, late] = ["03:00", "03:05", "03:10"].map((time) => `2026-11-22T${time}:00.000Z`) as [
    string,
    string,
    string,
  ];
  const of = (time: string) => [{ id: "kill_a", flag: "search", at: time }];
  const set = merged([{ killed: of(early) }, { killed: of(late) }]);
  const { killed, lifted } = mergeKills(set, { lifted: of(lift) });
  expect(lifted).toEqual([{ id: "kill_a", flag: "search" }]);
  expect(killed).toEqual([{ id: `kill_a-${Date.parse(lift).toString(36)}`, flag: "search", at: late }]);
  expect(activeKills(set)).toEqual(killed);
});

test("an id that nobody here knows is not said to be over", () => {
  const set = merged([{ killed: [{ id: "kill_a", flag: "search", at: "2026-11-22T03:00:00.000Z" }] }]);
  expect(liftedOf(set, new Set(["kill_b", "kill_a"]))).toEqual([]);
});

test("the version moves exactly when what is active changes", () => {
  const set = emptyKillSet();
  const kill = { id: "kill_a", flag: "search", at: "2026-11-22T03:00:00.000Z" };
  mergeKills(set, { killed: [kill] });
  const { version } = set;
  mergeKills(set, { killed: [kill] });
  expect(set.version).toBe(version);
  expect(isKilled(set, kill.flag)).toBe(true);
  mergeKills(set, { lifted: [kill] });
  expect(set.version).toBe(version + 1);
  expect(isKilled(set, kill.flag)).toBe(false);
});

test("whatever an id says, the lift of its kill has a time", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^kill_a-[0-9a-z]{1,50}$/), (id) => {
      expect(timeOfLift(MIDNIGHT, [parseKillId(id).after]) >= new Date(MIDNIGHT).toISOString()).toBe(true);
      expect(killId(parseKillId(id)).startsWith("kill_a")).toBe(true);
    }),
  );
});
