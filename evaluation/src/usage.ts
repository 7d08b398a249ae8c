import type { Decision, Reason } from "./model.ts";
import { Outcome } from "./outcome.ts";

/** How often a flag was answered in one way since the last drain. */
export interface UsageRow {
  /** `*` stands for the keys that came after too many others. */
  flag: string;
  /** `null` when the caller's default was returned. */
  variation: string | null;
  reason: string;
  count: number;
}

/** How many answers outside the ruleset are told apart between two drains. */
const MAX_STRAYS = 200;

/** Counts answers. The counters sit on the outcomes, so that neither counting nor recompiling loses or allocates any. */
export class Usage {
  #used: Outcome[] = [];
  readonly #strays = new Map<string, Outcome>();

  count(decision: Decision): void {
    if (Outcome.count(decision as Outcome)) this.#used.push(decision as Outcome);
  }

  /** The answer to a key that no flag has. */
  unknown(key: string): Outcome {
    return this.#stray(key, "flag-not-found");
  }

  /** Counts an answer that the caller made itself. */
  countDefault(key: string, reason: string, variation: string | null): void {
    this.count(this.#stray(key, reason, variation));
  }

  /** Everything counted since the last drain, one row per flag, variation and reason. */
  drain(): UsageRow[] {
    const rows = new Map<string, UsageRow>();
    for (const outcome of this.#used) {
      const { flag, uses } = Outcome.drain(outcome);
      const { variation = null, reason } = outcome;
      const id = JSON.stringify([flag, variation, reason]);
      const row = rows.get(id) ?? { flag, variation, reason, count: 0 };
      row.count += uses;
      rows.set(id, row);
    }
    this.#used = [];
    this.#strays.clear();
    return [...rows.values()];
  }

  #stray(key: string, reason: string, variation: string | null = null): Outcome {
    // Keys of flags hold no space, so that ids cannot collide with the plain ones of unknown keys.
    const id = reason === "flag-not-found" ? key : `${reason} ${variation} ${key}`;
    let stray = this.#strays.get(id);
    if (stray === undefined) {
      const full = this.#strays.size >= MAX_STRAYS;
      if (full && key !== "*") return this.#stray("*", reason, variation);
      stray = new Outcome(
        key,
        reason as Reason,
        variation === null ? undefined : { id: variation, value: null },
      );
      this.#strays.set(id, stray);
    }
    return stray;
  }
}
