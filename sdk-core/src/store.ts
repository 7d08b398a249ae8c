import {
  createEvaluator,
  type Evaluator,
  type Extensions,
  type KillElement,
  type Ruleset,
} from "@lanyard/evaluation";
import type { Patch, RuleFrames, Rules } from "./frames.ts";
import { createKills, type ElementId, type Kills } from "./kills.ts";

/** Where the rules in use came from, or by which way a server last confirmed them. */
export type Source = "none" | "bootstrap" | "cache" | "stream" | "poll";

/** What `on("kill")` tells: elements newly merged, never a repetition. */
export type KillEvent =
  | { kind: "killed"; elements: KillElement[] }
  | { kind: "lifted"; elements: ElementId[] };

export interface StoreListener {
  /** Exactly the keys whose answer can have changed; there may be none, and one may be named twice. */
  changed(keys: string[]): void;
  killed(event: KillEvent): void;
}

/** Which edition of the rules. */
export interface Identity {
  epoch: number;
  revision: number;
}

/** The rules in use, and the kills over them. */
export interface Store {
  /** Never changes identity, so that reads may keep it. */
  readonly evaluator: Evaluator;
  readonly kills: Kills;
  source: Source;
  /**
   * Merges kills and lifts, and takes the rules if they win: within an epoch newer wins, and nothing older overwrites. A
   * live server's other epoch wins whatever its revision; `repair` lets it replace the same revision too.
   */
  put(rules: Rules, source: Source, repair?: boolean): void;
  /** `false`: it does not follow from what is held. */
  patch(patch: Patch): boolean;
  kill(frame: Pick<RuleFrames["kill"], "elements">): void;
  lift(frame: Pick<RuleFrames["lift"], "elements">): void;
  /** Whether what is held is not yet that. */
  isBehind(identity: Identity): boolean;
  /** Flags that must not outlive contact serve their off variation, and so satisfy no prerequisite: as if killed. */
  expire(flags: ReadonlySet<string>): void;
  /** Whether expiry, and no kill, is what turned the flag off. */
  isExpired(flag: string): boolean;
  /** Forgets the rules, which were another user's; kills stay. */
  forget(): void;
  /** The rules with the kills over them. */
  snapshot(): Rules;
}

/** What a ruleset lacks, an evaluator takes for nothing. */
const NOTHING = { kills: [] } as object as Ruleset;

export const isLive = (source: Source): boolean => source === "stream" || source === "poll";

export function createStore(extensions: Extensions | undefined, listener: StoreListener): Store {
  const evaluator = createEvaluator(NOTHING, extensions);
  const kills = createKills();
  /** Flags that serve their off variation whatever their rules say. */
  const forced = new Set<string>();
  let expired: ReadonlySet<string> = new Set();

  /** Brings the evaluator up to date on these flags; returns the keys whose answer that can have changed. */
  const refresh = (flags: readonly string[]): string[] =>
    flags.flatMap((flag) => {
      const isOff = kills.has(flag) || expired.has(flag);
      if (isOff === forced.has(flag)) return [];
      forced[isOff ? "add" : "delete"](flag);
      const keys = evaluator.setKilled(flag, isOff);
      return evaluator.flag(flag) ? keys : [];
    });

  /** Merges; `also` names the keys that changed by the same message. */
  function merge(kind: "killed" | "lifted", merged: ElementId[], also: () => string[] = () => []): void {
    const keys = [...refresh(merged.map(({ flag }) => flag)), ...also()];
    if (merged.length > 0) listener.killed({ kind, elements: merged } as KillEvent);
    listener.changed(keys);
  }

  const store: Store = {
    evaluator,
    kills,
    source: "none",
    kill: ({ elements }) => merge("killed", kills.kill(elements)),
    lift: ({ elements }) => merge("lifted", kills.lift(elements)),
    put(rules, source, repair) {
      const held = evaluator.ruleset;
      const isSame = rules.epoch === held.epoch && rules.environmentId === held.environmentId;
      const isNewer = rules.revision > held.revision || (repair && rules.revision === held.revision);
      const wins = store.source === "none" || (isSame ? isNewer : isLive(source) || rules.epoch > held.epoch);
      merge("lifted", kills.lift(rules.lifted ?? []));
      merge("killed", kills.kill(rules.kills), () => {
        if (!wins) return [];
        store.source = source;
        return evaluator.replace(rules);
      });
    },
    isBehind({ epoch, revision }) {
      const held = evaluator.ruleset;
      return epoch !== held.epoch || revision > held.revision;
    },
    patch(patch) {
      const { epoch, revision } = evaluator.ruleset;
      if (patch.epoch !== epoch || patch.from > revision) return false;
      if (patch.to <= revision) return true;
      if (patch.from < revision) return false;
      listener.changed(evaluator.patch(patch));
      return true;
    },
    expire(flags) {
      const before = expired;
      expired = flags;
      listener.changed(refresh([...before, ...flags]));
    },
    isExpired: (flag) => expired.has(flag) && !kills.has(flag),
    forget() {
      store.source = "none";
      listener.changed(evaluator.replace(NOTHING));
    },
    snapshot: () => ({ ...evaluator.snapshot(), kills: kills.active(), lifted: kills.lifted() }),
  };
  return store;
}
