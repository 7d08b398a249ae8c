import { type AudienceClass, shownTo } from "./audience-class.ts";

const LIVE_MAX = 4_096;
/** Streams use their class with every heartbeat. */
const IDLE_MS = 60_000;

/** The audience classes that an environment's streams and pollers are in. */
export class LiveClasses {
  readonly #max: number;
  readonly #byKey = new Map<string, AudienceClass>();
  #sweptAt = performance.now();

  constructor(max = LIVE_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): AudienceClass | undefined {
    const live = this.#byKey.get(key);
    if (live) live.usedAt = performance.now();
    return live;
  }

  /** False when there are too many. */
  add(made: AudienceClass): boolean {
    const now = performance.now();
    if (now - this.#sweptAt > IDLE_MS) this.#sweep(now);
    if (this.#byKey.size >= this.#max) return false;
    this.#byKey.set(made.key, made);
    return true;
  }

  clear(): void {
    this.#byKey.clear();
  }

  /** Of some flags, the one of which most is told apart. */
  widest(flags: readonly string[]): string | undefined {
    let widest: string | undefined;
    let most = 0;
    for (const flag of flags) {
      const kinds = new Set(Array.from(this.#byKey.values(), (live) => shownTo(live, flag)));
      if (kinds.size > most) [widest, most] = [flag, kinds.size];
    }
    return widest;
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [key, { usedAt }] of this.#byKey) if (now - usedAt > IDLE_MS) this.#byKey.delete(key);
  }
}
