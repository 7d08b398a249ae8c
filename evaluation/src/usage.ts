import type { Decision } from "./model.ts";
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
export interface Usage {
  /** Counts one use of an answer that has a value. */
  count(decision: Decision): void;
  /** Counts an answer the caller made instead: its default, or with a `variation` of its own choice. */
  countDefault(key: string, reason: string, variation?: string | null): void;
  /** The uses counted since the last call, one row per flag, variation and reason. */
  drainUses(): UsageRow[];
}

export function createUsage(): Usage {
  let used: Outcome[] = [];
  let rows = new Map<string, UsageRow>();
  const add = (flag: string, reason: string, variation: string | null, count: number) => {
    const id = `${reason} ${variation} ${flag}`;
    const row = rows.get(id) ?? { flag, variation, reason, count: 0 };
    row.count += count;
    rows.set(id, row);
  };
  return {
    count(decision) {
      if (Outcome.count(decision as Outcome)) used.push(decision as Outcome);
    },
    countDefault(key, reason, variation = null) {
      add(rows.size < MAX_STRAYS ? key : "*", reason, variation, 1);
    },
    drainUses() {
      for (const outcome of used) {
        const { flag, uses } = Outcome.drain(outcome);
        add(flag, outcome.reason, outcome.variation ?? null, uses);
      }
      const drained = [...rows.values()];
      used = [];
      rows = new Map();
      return drained;
    },
  };
}
