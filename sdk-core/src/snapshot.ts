import { parseFrame } from "./frames.ts";
import type { Schedule } from "./schedule.ts";
import type { Standing } from "./standing.ts";
import type { Store } from "./store.ts";

/** Where a client keeps its last good rules between runs. Nothing of it may throw. */
export interface SnapshotStorage {
  load(): string | undefined;
  save(text: string): void;
  /** Resolves when what was saved is kept. */
  settled?(): Promise<void>;
}

/** Keeps the rules in use, with kills and lifts, and when a server last confirmed them. */
export interface Keeper {
  /** Takes what was kept. Throws when it is damaged. */
  load(): void;
  save(): void;
  saveWithin(reason: "change" | "kill"): void;
}

/** Writing the snapshot costs as much as the ruleset is large; a kill is worth it sooner. */
const DELAYS_MS = { change: 10_000, kill: 1_000 };

export function createKeeper(
  storage: SnapshotStorage,
  store: Store,
  standing: Standing,
  schedule: Schedule,
): Keeper {
  function save(): void {
    if (store.source === "none") return;
    storage.save(JSON.stringify({ ...store.snapshot(), contactAt: Date.now() - standing.ageMs() }));
  }

  return {
    save,
    saveWithin(reason) {
      schedule.setSooner("save", DELAYS_MS[reason], save);
    },
    load() {
      const kept = storage.load();
      if (kept === undefined) return;
      const rules = parseFrame("put", kept);
      store.put(rules, "cache");
      const { contactAt = 0 } = rules as { contactAt?: number | null };
      // A clock that was set back must not make old rules young.
      if (store.source === "cache") standing.report({ ageMs: Math.max(0, Date.now() - Number(contactAt)) });
    },
  };
}
