import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKills, type Kills } from "./kills.ts";
import { heldIds } from "./server.ts";
import { killOf } from "./testing/flags.ts";

const element = fc
  .tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("k1", "k2", "k3"))
  .map(([flag, id]) => killOf(flag, id));
const message = fc.record({
  lift: fc.boolean(),
  elements: fc.array(element, { minLength: 1, maxLength: 3 }),
});
const messages = fc.array(message, { maxLength: 12 });

function merged(list: readonly { lift: boolean; elements: ReturnType<typeof killOf>[] }[]): Kills {
  const kills = createKills();
  for (const { lift, elements } of list) lift ? kills.lift(elements) : kills.kill(elements);
  return kills;
}

const names = (kills: Kills): string[] =>
  kills
    .active()
    .map(({ id, flag }) => `${id} ${flag}`)
    .sort();

describe("merging kills", () => {
  it("gives the same result in any order, with any repetition, lifts before kills included", () => {
    const shuffled = messages.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length, maxLength: 2 * list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([list, again]) => {
        expect(names(merged(again))).toEqual(names(merged(list)));
      }),
      { numRuns: 500 },
    );
  });

  it("ends a kill by a lift of that very element and by nothing else", () => {
    fc.assert(
      fc.property(messages, (list) => {
        const kills = merged(list);
        const killed = list.filter(({ lift }) => !lift).flatMap(({ elements }) => elements);
        const lifted = list.filter(({ lift }) => lift).flatMap(({ elements }) => elements);
        for (const { id, flag } of killed) {
          const isLifted = lifted.some((each) => each.id === id && each.flag === flag);
          expect(names(kills).includes(`${id} ${flag}`)).toBe(!isLifted);
        }
      }),
    );
  });

  it("reports only what a message changed", () => {
    const kills = createKills();
    expect(kills.kill([killOf("a"), killOf("a"), killOf("b")])).toHaveLength(2);
    expect(kills.kill([killOf("a")])).toEqual([]);
    expect(kills.lift([killOf("b"), killOf("c")])).toEqual([killOf("b")]);
    expect(kills.kill([killOf("c")])).toEqual([]);
    expect(kills.has("a")).toBe(true);
    expect(kills.has("b")).toBe(false);
  });

  it("asks about at most 200 ids, and about each in its turn", () => {
    const kills = createKills();
    kills.kill(Array.from({ length: 1_000 }, (_, i) => killOf("a", `k${i}`)));
    const asked = new Set<string>();
    for (let draw = 0; draw < 1; draw += 0.1) {
      const ids = heldIds({ kills }, draw);
      expect(ids).toHaveLength(200);
      for (const id of ids) asked.add(id);
    }
    expect(asked.size).toBe(1_000);
  });
});
