import type { KillElement } from "@lanyard/evaluation";

/** A drill kills this: no flag can have such a key. It is confirmed as any kill and kept nowhere. */
export const DRILL_FLAG = "lanyard:drill";

/** What identifies a kill element, and all that lifting it needs. */
export type ElementId = Pick<KillElement, "id" | "flag">;

/** Ids sent to a server at once: a request line has to stay short. */
const MAX_HELD_IDS = 200;

const nameOf = ({ id, flag }: ElementId): string => `${id} ${flag}`;

/**
 * Two sets that only grow, killed and lifted; what is killed and not lifted is active. So merging commutes and
 * repeats without harm, and a lift that overtakes its kill still wins.
 */
export class KillSet {
  readonly #active = new Map<string, KillElement>();
  readonly #lifted = new Map<string, ElementId>();

  /** Returns the elements that became active. */
  kill(elements: readonly KillElement[]): KillElement[] {
    return elements.filter((element) => {
      const name = nameOf(element);
      if (this.#active.has(name) || this.#lifted.has(name) || element.flag === DRILL_FLAG) return false;
      this.#active.set(name, element);
      return true;
    });
  }

  /** Returns the elements that stopped being active. */
  lift(elements: readonly ElementId[]): ElementId[] {
    return elements.filter((element) => {
      const name = nameOf(element);
      this.#lifted.set(name, { id: element.id, flag: element.flag });
      return this.#active.delete(name);
    });
  }

  isKilled(flag: string): boolean {
    for (const element of this.#active.values()) if (element.flag === flag) return true;
    return false;
  }

  get active(): KillElement[] {
    return [...this.#active.values()];
  }

  get lifted(): ElementId[] {
    return [...this.#lifted.values()];
  }

  /** Ids to ask a server about; beyond the limit a different part each time, so that each gets its turn. */
  heldIds(random: () => number): string[] {
    const ids = [...new Set(this.active.map(({ id }) => id))];
    if (ids.length <= MAX_HELD_IDS) return ids;
    const start = Math.floor(random() * ids.length);
    return [...ids.slice(start), ...ids.slice(0, start)].slice(0, MAX_HELD_IDS);
  }
}
