import {
  createEvaluator,
  type Evaluator,
  type Extensions,
  type KillElement,
  type Ruleset,
} from "@lanyard/evaluation";
import type { Patch } from "./frames.ts";
import { type ElementId, KillSet } from "./kills.ts";

/** Where the rules in use came from, or by which way a server last confirmed them. */
export type Source = "none" | "bootstrap" | "cache" | "stream" | "poll";

/** What `on("kill")` tells: elements newly merged, never a repetition. */
export type KillEvent =
  | { kind: "killed"; elements: KillElement[] }
  | { kind: "lifted"; elements: ElementId[] };

export interface StoreListener {
  /** Exactly the keys whose answer can have changed. */
  changed(keys: string[]): void;
  kill(event: KillEvent): void;
}

const NOTHING: Ruleset = {
  format: 1,
  environmentId: "",
  epoch: 0,
  revision: 0,
  flags: {},
  segments: {},
  kills: [],
};

/** The rules in use, and the kills over them. The evaluator never changes identity, so that reads may keep it. */
export class RulesetStore {
  readonly evaluator: Evaluator;
  readonly kills = new KillSet();
  source: Source = "none";
  readonly #listener: StoreListener;
  /** Flags that serve their off variation whatever their rules say. */
  readonly #forced = new Set<string>();
  #expired: ReadonlySet<string> = new Set();

  constructor(extensions: Extensions | undefined, listener: StoreListener) {
    this.evaluator = createEvaluator(NOTHING, extensions);
    this.#listener = listener;
  }

  get holdsRules(): boolean {
    return this.source !== "none";
  }

  /** Rules given or remembered: within a lineage newer wins, and nothing older overwrites. */
  offer(ruleset: Ruleset, source: Source): void {
    const { epoch, revision } = this.evaluator.ruleset;
    const newer = ruleset.epoch > epoch || (ruleset.epoch === epoch && ruleset.revision > revision);
    this.#take(ruleset, source, !this.holdsRules || newer);
  }

  /** Rules from a live server: another lineage replaces whatever its revision. `force` repairs the same revision. */
  put(ruleset: Ruleset, source: Source, force = false): void {
    const { environmentId, epoch, revision } = this.evaluator.ruleset;
    const other = ruleset.environmentId !== environmentId || ruleset.epoch !== epoch;
    const newer = force ? ruleset.revision >= revision : ruleset.revision > revision;
    this.#take(ruleset, source, other || newer);
  }

  #take(ruleset: Ruleset, source: Source, wins: boolean): void {
    const killed = this.kills.kill(ruleset.kills);
    const overlaid = this.#refresh(killed);
    const replaced = wins ? this.evaluator.replace(ruleset) : [];
    if (wins) this.source = source;
    this.#tell([...overlaid, ...replaced], killed);
  }

  /** `gap`: it does not follow from what is held. */
  patch(patch: Patch): "applied" | "known" | "gap" {
    const { epoch, revision } = this.evaluator.ruleset;
    if (!this.holdsRules || patch.epoch !== epoch || patch.from > revision) return "gap";
    if (patch.to <= revision) return "known";
    if (patch.from !== revision) return "gap";
    this.#tell(this.evaluator.patch(patch), []);
    return "applied";
  }

  kill(elements: readonly KillElement[]): void {
    const killed = this.kills.kill(elements);
    this.#tell(this.#refresh(killed), killed);
  }

  lift(elements: readonly ElementId[]): void {
    const lifted = this.kills.lift(elements);
    const keys = this.#refresh(lifted);
    if (lifted.length > 0) this.#listener.kill({ kind: "lifted", elements: lifted });
    this.#tell(keys, []);
  }

  /** Flags that must not outlive contact serve their off variation, and so satisfy no prerequisite: as if killed. */
  expire(flags: ReadonlySet<string>): void {
    const before = this.#expired;
    this.#expired = flags;
    this.#tell(this.#refresh([...before, ...flags].map((flag) => ({ flag }))), []);
  }

  get hasExpired(): boolean {
    return this.#expired.size > 0;
  }

  /** Whether expiry, and no kill, is what turned the flag off. */
  isExpired(flag: string): boolean {
    return this.#expired.has(flag) && !this.kills.isKilled(flag);
  }

  /** The rules with the kills over them, to be kept. */
  snapshot(): Ruleset {
    return { ...this.evaluator.snapshot(), kills: this.kills.active };
  }

  #tell(keys: string[], killed: KillElement[]): void {
    if (killed.length > 0) this.#listener.kill({ kind: "killed", elements: killed });
    if (keys.length > 0) this.#listener.changed([...new Set(keys)]);
  }

  /** Brings the evaluator up to date on these flags; returns the keys whose answer that can have changed. */
  #refresh(elements: readonly { flag: string }[]): string[] {
    return elements.flatMap(({ flag }) => {
      const forced = this.kills.isKilled(flag) || this.#expired.has(flag);
      if (forced === this.#forced.has(flag)) return [];
      if (forced) this.#forced.add(flag);
      else this.#forced.delete(flag);
      const keys = this.evaluator.setKilled(flag, forced);
      return this.evaluator.flag(flag) ? keys : [];
    });
  }
}
