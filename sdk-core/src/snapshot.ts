import type { Ruleset } from "@lanyard/evaluation";
import { parseFrame } from "./frames.ts";
import type { ElementId } from "./kills.ts";
import type { RulesetStore } from "./store.ts";

/** Where a client keeps its last good rules between runs. Nothing of it may throw. */
export interface SnapshotStorage {
  load(): string | undefined;
  save(text: string): void;
  /** Resolves when what was saved is kept. */
  settled?(): Promise<void>;
}

interface Snapshot {
  /** Epoch milliseconds of the last contact. */
  contactAt: number;
  lifted: ElementId[];
  ruleset: Ruleset;
}

export function writeSnapshot(store: RulesetStore, ageMs: number): string {
  const snapshot: Snapshot = {
    contactAt: Date.now() - ageMs,
    lifted: store.kills.lifted,
    ruleset: store.snapshot(),
  };
  return JSON.stringify(snapshot);
}

/** Takes remembered rules. Returns their age in milliseconds; throws when they are damaged. */
export function readSnapshot(store: RulesetStore, text: string): number {
  const { contactAt, lifted, ruleset }: Partial<Snapshot> = JSON.parse(text) ?? {};
  const rules = parseFrame("put", JSON.stringify(ruleset) ?? "");
  store.lift(parseFrame("lift", JSON.stringify({ elements: lifted ?? [] })).elements);
  store.offer(rules, "cache");
  // A clock that was set back must not make old rules young.
  return Math.max(0, Date.now() - (contactAt ?? 0));
}
