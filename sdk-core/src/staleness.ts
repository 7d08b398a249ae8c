import type { Platform } from "./platform.ts";
import type { Scheduler } from "./scheduler.ts";
import type { RulesetStore } from "./store.ts";

/** Knows how old the rules are, and applies what their flags say about outliving contact. */
export class Staleness {
  readonly #platform: Platform;
  readonly #scheduler: Scheduler;
  readonly #store: RulesetStore;
  readonly #beforeChange: () => void;
  /** Monotonic; may lie before the process began. */
  #contactAt: number | undefined;
  #startedAt: number;

  /** `beforeChange` runs while reasons still mean what they meant when they were counted. */
  constructor(platform: Platform, scheduler: Scheduler, store: RulesetStore, beforeChange: () => void) {
    this.#platform = platform;
    this.#scheduler = scheduler;
    this.#store = store;
    this.#beforeChange = beforeChange;
    this.#startedAt = platform.now();
  }

  /** Milliseconds since the last contact; `Infinity` when there was none. */
  ageMs(): number {
    return this.#contactAt === undefined ? Number.POSITIVE_INFINITY : this.#platform.now() - this.#contactAt;
  }

  /** Continues the age of remembered rules. */
  startAt(ageMs: number): void {
    this.#contactAt = this.#startedAt - ageMs;
  }

  confirm(): void {
    this.#contactAt = this.#platform.now();
    this.#scheduler.clear("stale");
    this.#expire(new Set());
  }

  /** To be called when contact is lost: turns off what has waited too long, and plans the next look. */
  review(): void {
    const now = this.#platform.now();
    const sinceMs = now - (this.#contactAt ?? this.#startedAt);
    const expired = new Set<string>();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const key of this.#store.evaluator.keys()) {
      const policy = this.#store.evaluator.flag(key)?.stale;
      if (policy?.then !== "off") continue;
      const leftMs = policy.afterSeconds * 1000 - sinceMs;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else expired.add(key);
    }
    this.#expire(expired);
    if (nextMs < Number.POSITIVE_INFINITY) this.#scheduler.set("stale", nextMs, () => this.review());
  }

  #expire(flags: ReadonlySet<string>): void {
    if (flags.size === 0 && !this.#store.hasExpired) return;
    this.#beforeChange();
    this.#store.expire(flags);
  }
}
