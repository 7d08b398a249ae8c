import { parseFrame } from "./frames.ts";
import type { Schedule } from "./schedule.ts";
import type { Standing } from "./standing.ts";
import type { Store } from "./store.ts";

/** Where a client keeps its last good rules between runs. Nothing of it may throw. */
export interface SnapshotStorage {
  /** How long a change may wait, since writing costs as much as the rules are large; absent, until the client is left. */
  readonly changeMs?: number;
  load(): string | undefined;
  /** May resolve when it is kept. */
  save(text: string): Promise<void> | undefined;
}

/** Keeps the rules in use, with kills and lifts, and when a server last confirmed them. */
export interface Keeper {
  /** Takes what was kept. Throws when it is damaged. */
  load(): void;
  save(): Promise<void> | undefined;
  saveWithin(reason: "change" | "kill"): void;
}

/** A kill is worth it sooner. */
const KILL_MS = 1_000;

export function createKeeper(
  storage: SnapshotStorage,
  store: Store,
  standing: Standing,
  schedule: Schedule,
): Keeper {
  function save(): Promise<void> | undefined {
    if (store.source === "none") return undefined;
    return storage.save(JSON.stringify({ ...store.snapshot(), contactAt: Date.now() - standing.ageMs() }));
  }

  return {
    save,
    saveWithin(reason) {
      const delayMs = reason === "kill" ? KILL_MS : storage.changeMs;
      if (delayMs) schedule.setSooner("save", delayMs, () => void save());
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
