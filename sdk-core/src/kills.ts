import { DRILL_FLAG, type KillElement } from "@lanyard/evaluation";

/** What identifies a kill element, and all that lifting it needs. */
export type ElementId = Pick<KillElement, "id" | "flag">;

/**
 * Two sets that only grow, killed and lifted; what is killed and not lifted is active. So merging commutes and
 * repeats without harm, and a lift that overtakes its kill still wins.
 */
export interface Kills {
  /** Returns the elements that became active. */
  kill(elements: readonly KillElement[]): KillElement[];
  /** Returns the elements that stopped being active. */
  lift(elements: readonly ElementId[]): ElementId[];
  has(flag: string): boolean;
  active(): KillElement[];
  lifted(): ElementId[];
}

export function createKills(): Kills {
  const active = new Map<string, Map<string, KillElement>>();
  const lifted = new Map<string, ElementId>();
  const nameOf = ({ id, flag }: ElementId): string => `${id} ${flag}`;

  return {
    kill: (elements) =>
      elements.filter((element) => {
        const { id, flag } = element;
        const ofFlag = active.get(flag) ?? new Map();
        if (ofFlag.has(id) || lifted.has(nameOf(element)) || flag === DRILL_FLAG) return false;
        active.set(flag, ofFlag.set(id, element));
        return true;
      }),
    lift: (elements) =>
      elements.filter(({ id, flag }) => {
        lifted.set(nameOf({ id, flag }), { id, flag });
        return active.get(flag)?.delete(id);
      }),
    has: (flag) => Boolean(active.get(flag)?.size),
    active: () => [...active.values()].flatMap((ofFlag) => [...ofFlag.values()]),
    lifted: () => [...lifted.values()],
  };
}
