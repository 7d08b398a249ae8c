import { countUses, type Decision } from "@lanyard/evaluation";
import type { Use } from "./events.ts";

/** How many answers outside the ruleset are told apart between two drains. */
const MAX_STRAYS = 200;

/** Counts answers. The counters sit on the decisions, so that neither counting nor recompiling loses or allocates any. */
export interface Usage {
  /** Counts one use of an answer that has a value. */
  count(key: string, decision: Decision): void;
  /** Counts an answer the caller got instead: its default. */
  countDefault(key: string, reason: string): void;
  /** The uses counted since the last call, one row per flag, variation and reason. */
  drain(): Use[];
}

export function createUsage(): Usage {
  let used: [key: string, decision: Decision][] = [];
  let rows = new Map<string, Use>();
  const add = (flag: string, reason: string, variation: string | null, count: number) => {
    const id = `${reason} ${variation} ${flag}`;
    const row = rows.get(id) ?? { flag, variation, reason, count: 0 };
    row.count += count;
    rows.set(id, row);
  };
  return {
    count(key, decision) {
      if (countUses(decision, 1) === 1) used.push([key, decision]);
    },
    countDefault(key, reason) {
      // `*` stands for the keys that came after too many others.
      add(rows.size < MAX_STRAYS ? key : "*", reason, null, 1);
    },
    drain() {
      for (const [key, decision] of used) {
        const uses = countUses(decision, 0);
        countUses(decision, -uses);
        add(key, decision.reason, decision.variation ?? null, uses);
      }
      const drained = [...rows.values()];
      used = [];
      rows = new Map();
      return drained;
    },
  };
}
