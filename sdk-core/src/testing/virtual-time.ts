import type { Platform } from "../platform.ts";

/** A platform whose clock moves when told to; its network is real. */
export class VirtualTime {
  now = 0;
  readonly #timers = new Set<{ at: number; task: () => void }>();
  #uuids = 0;

  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until something is due; `Infinity` when nothing is planned. */
  get dueInMs(): number {
    return Math.min(...[...this.#timers].map(({ at }) => at)) - this.now;
  }

  platform(changes: Partial<Platform> = {}): Platform {
    return {
      fetch: (url, init) => fetch(url, init),
      now: () => this.now,
      random: () => 0.5,
      uuid: () => `00000000-0000-4000-8000-${String(this.#uuids++).padStart(12, "0")}`,
      after: (delayMs, task) => {
        if (delayMs > 2 ** 31 - 1) throw new RangeError("platform timers cannot wait that long");
        const timer = { at: this.now + delayMs, task };
        this.#timers.add(timer);
        return () => void this.#timers.delete(timer);
      },
      ...changes,
    };
  }

  /** Lets the time pass, and what is due on the way happen. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.now = Math.max(this.now, due.at);
      due.task();
    }
    this.now = end;
  }
}
