import type { Platform } from "./platform.ts";

/** Sums of evaluations, as they travel. */
export interface Use {
  flag: string;
  /** `null` when the caller's default was returned. */
  variation: string | null;
  reason: string;
  count: number;
}

interface Batch {
  batchId: string;
  usage: Use[];
}

/** Sends one batch. `true` when it need not be sent again. */
export type Send = (body: string) => Promise<boolean>;

const MAX_ROWS = 1_000;
/** Different sums kept while the server is away; what exceeds them is dropped and counted. */
const MAX_BACKLOG = 10_000;
/** Bytes of UTF-8 per UTF-16 unit, at most. */
const MAX_BYTES_PER_UNIT = 3;

/** Sums wait here until the server has them. A batch that failed is repeated as it was, under the same id. */
export class UsageQueue {
  /** Evaluations that could not be counted. */
  dropped = 0;
  readonly #backlog = new Map<string, Use>();
  readonly #platform: Platform;
  readonly #maxBytes: number;
  #pending: Batch | undefined;
  #sending: Promise<boolean> | undefined;

  constructor(platform: Platform, maxBytes: number) {
    this.#platform = platform;
    this.#maxBytes = maxBytes;
  }

  add(uses: readonly Use[]): void {
    for (const use of uses) {
      const name = JSON.stringify([use.flag, use.variation, use.reason]);
      const sum = this.#backlog.get(name);
      if (sum) sum.count += use.count;
      else if (this.#backlog.size < MAX_BACKLOG) this.#backlog.set(name, { ...use });
      else this.dropped += use.count;
    }
  }

  /** Never rejects; `true` when everything added so far has arrived. */
  flush(send: Send): Promise<boolean> {
    const after = this.#sending ?? Promise.resolve(true);
    const flushed = after.then(() => this.#sendAll(send));
    this.#sending = flushed;
    return flushed;
  }

  /** For a page that goes away: one batch, begun before this returns; a second arrival of it is known by its id. */
  flushLast(send: Send): void {
    this.#pending ??= this.#cut();
    if (this.#pending) void send(JSON.stringify(this.#pending)).catch(() => false);
  }

  async #sendAll(send: Send): Promise<boolean> {
    for (;;) {
      this.#pending ??= this.#cut();
      if (!this.#pending) return true;
      const arrived = await send(JSON.stringify(this.#pending)).catch(() => false);
      if (!arrived) return false;
      this.#pending = undefined;
    }
  }

  #cut(): Batch | undefined {
    const usage: Use[] = [];
    let bytes = 100;
    for (const [name, use] of this.#backlog) {
      const size = JSON.stringify(use).length * MAX_BYTES_PER_UNIT;
      if (usage.length > 0 && (usage.length >= MAX_ROWS || bytes + size > this.#maxBytes)) break;
      bytes += size;
      usage.push(use);
      this.#backlog.delete(name);
    }
    return usage.length > 0 ? { batchId: this.#platform.uuid(), usage } : undefined;
  }
}
