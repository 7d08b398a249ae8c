import type { Confirmation } from "../../fanout/index.ts";
import { Tally } from "./tally.ts";

/** Later confirmations are not counted: who comes back then is seen among the instances. */
export const OPEN_MS = 300_000;
const TALLIES_MAX = 500;
/** Instances over all tallies, one in two kills being two. */
const ENTRIES_MAX = 500_000;
/** Confirmations that overtook the news of their kill. */
const EARLY_MAX = 5_000;
const EARLY_MS = 10_000;

/** The newest kills' tallies, by kill id. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();
  #early: { environmentId: string; confirmation: Confirmation; at: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get(kill: string): Tally | undefined {
    return this.#tallies.get(kill);
  }

  all(): IterableIterator<[string, Tally]> {
    return this.#tallies.entries();
  }

  /**
   * The tally of a kill that was accepted, or has grown, `at`; undefined when that is too long ago for anybody to confirm
   * it. What was confirmed before is not said of it then.
   */
  open(kill: string, { at, drill }: { at: number; drill: boolean }): Tally | undefined {
    const known = this.#tallies.get(kill);
    if (this.#now() - at > OPEN_MS) {
      this.#tallies.delete(kill);
      return undefined;
    }
    if (known) return known;
    this.#makeRoom();
    const tally = new Tally(drill);
    this.#tallies.set(kill, tally);
    return tally;
  }

  /** What arrived before the kill was known here. */
  takeEarly(kill: string, environmentId: string): Confirmation[] {
    const isOwn = (early: { environmentId: string; confirmation: Confirmation }) =>
      early.confirmation.kill === kill && early.environmentId === environmentId;
    const own = this.#early.filter(isOwn);
    if (own.length > 0) this.#early = this.#early.filter((early) => !isOwn(early));
    return own.map(({ confirmation }) => confirmation);
  }

  /** Whether it was news to the kill's tally. Only where a kill holds can it be confirmed. */
  confirm(environmentId: string, confirmation: Confirmation): boolean {
    const tally = this.#tallies.get(confirmation.kill);
    if (!tally?.isAsked(environmentId)) {
      // A page's key is public: what it makes up must not take the place of what servers say.
      const isKept = confirmation.instance !== null && this.#early.length < EARLY_MAX;
      if (isKept) this.#early.push({ environmentId, confirmation, at: this.#now() });
      return false;
    }
    return this.#now() - tally.at <= OPEN_MS && tally.confirm(environmentId, confirmation);
  }

  /** The oldest go first. */
  #makeRoom(): void {
    let entries = 0;
    for (const tally of this.#tallies.values()) entries += tally.size;
    for (const [kill, tally] of this.#tallies) {
      if (this.#tallies.size < TALLIES_MAX && entries <= ENTRIES_MAX) return;
      entries -= tally.size;
      this.#tallies.delete(kill);
    }
  }

  forgetOld(): void {
    this.#early = this.#early.filter(({ at }) => this.#now() - at < EARLY_MS);
  }
}
