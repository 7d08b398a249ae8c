import { parseFrame } from "./frames.ts";
import type { Schedule } from "./schedule.ts";
import type { Standing } from "./standing.ts";
import type { Store } from "./store.ts";

/** Where a client keeps its last good rules between runs. Nothing of it may throw. */
export interface SnapshotStorage {
  /** Plans to save what is new, since writing costs as much as the rules are large; absent, it waits until the client is left. */
  plan?(news: "change" | "kill", schedule: Schedule, save: () => unknown): void;
  load(): string | undefined;
  /** May resolve when it is kept. */
  save(text: string): Promise<void> | undefined;
}

/** Keeps the rules in use, with kills and lifts, and when a server last confirmed them. */
export interface Keeper {
  /** Takes what was kept. Throws when it is damaged. */
  load(): void;
  save(): Promise<void> | undefined;
}

export function createKeeper(storage: SnapshotStorage, store: Store, standing: Standing): Keeper {
  return {
    save() {
      if (store.source === "none") return undefined;
      return storage.save(JSON.stringify({ ...store.snapshot(), contactAt: Date.now() - standing.ageMs() }));
    },
    load() {
      const kept = storage.load();
      if (kept === undefined) return;
      const rules = parseFrame("put", kept);
      store.put(rules, "cache");
      // What was never confirmed is null, and so as old as can be.
      const { contactAt = 0 } = rules as { contactAt?: number };
      // A clock that was set back must not make old rules young.
      if (store.source === "cache") standing.report({ ageMs: Math.max(0, Date.now() - contactAt) });
    },
  };
}
