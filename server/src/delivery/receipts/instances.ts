import type { InstanceWord } from "../../fanout/index.ts";

/** Not heard of for so long, an instance may be gone; two of its words fit in. */
export const STALE_MS = 60_000;
/** It still counts as there for a kill. */
export const THERE_MS = 120_000;
/** Then it is forgotten. */
const FORGET_MS = 600_000;
/** On all nodes together; of those beyond it only the streams are counted. */
const INSTANCES_MAX = 50_000;

export interface KnownInstance extends InstanceWord {
  /** On the monotonic clock. */
  seenAt: number;
}

/** Who is there, by environment, as each instance said last; bounded, and forgotten in time. */
export class Instances {
  readonly #now: () => number;
  readonly #byEnvironment = new Map<string, Map<string, KnownInstance>>();
  #size = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#size;
  }

  note(environmentId: string, word: InstanceWord): void {
    const known = this.#byEnvironment.get(environmentId) ?? new Map<string, KnownInstance>();
    const isNew = !known.has(word.id);
    if (isNew && this.#size >= INSTANCES_MAX) return;
    this.#byEnvironment.set(environmentId, known);
    known.set(word.id, { ...word, seenAt: this.#now() });
    if (isNew) this.#size += 1;
  }

  leave(environmentId: string, id: string): void {
    if (this.#byEnvironment.get(environmentId)?.delete(id)) this.#size -= 1;
  }

  get(environmentId: string, id: string): KnownInstance | undefined {
    return this.#byEnvironment.get(environmentId)?.get(id);
  }

  of(environmentId: string): KnownInstance[] {
    return [...(this.#byEnvironment.get(environmentId)?.values() ?? [])];
  }

  *all(): Generator<KnownInstance> {
    for (const known of this.#byEnvironment.values()) yield* known.values();
  }

  /** Those who were there for a kill that came now. */
  there(environmentId: string): KnownInstance[] {
    const since = this.#now() - THERE_MS;
    return this.of(environmentId).filter(({ seenAt }) => seenAt >= since);
  }

  /** How many of those who are there run each SDK, by name and version; null for those who do not say. */
  sdks(environmentId: string): Map<string | null, number> {
    const since = this.#now() - THERE_MS;
    const counts = new Map<string | null, number>();
    // In one pass: there can be fifty thousand, and a kill waits meanwhile.
    for (const { sdk, seenAt } of this.#byEnvironment.get(environmentId)?.values() ?? [])
      if (seenAt >= since) counts.set(sdk, (counts.get(sdk) ?? 0) + 1);
    return counts;
  }

  ageMs(seenAt: number): number {
    return this.#now() - seenAt;
  }

  isStale({ seenAt }: KnownInstance): boolean {
    return this.ageMs(seenAt) > STALE_MS;
  }

  forgetOld(): void {
    const before = this.#now() - FORGET_MS;
    for (const [environmentId, known] of this.#byEnvironment) {
      for (const { id, seenAt } of known.values()) if (seenAt < before) this.leave(environmentId, id);
      if (known.size === 0) this.#byEnvironment.delete(environmentId);
    }
  }
}
