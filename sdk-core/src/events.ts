import type { Platform } from "./platform.ts";

/** Sums of evaluations, as they travel. */
export interface Use {
  flag: string;
  /** `null` when the caller's default was returned. */
  variation: string | null;
  reason: string;
  count: number;
}

/** Sums of what was tracked, as they travel. */
export interface Metric {
  metric: string;
  count: number;
  sum: number;
}

export interface Batch {
  batchId: string;
  usage: Use[];
  metrics: Metric[];
}

/** Sends one batch and never rejects; `last`: the page goes away. `true` when it need not be sent again. */
export type Send = (batch: Batch, last: boolean) => Promise<boolean>;

/** Sums wait here until the server has them. A batch that failed is repeated as it was, under the same id. */
export interface Events {
  /** Evaluations and tracked values that could not be kept. */
  dropped(): number;
  add(rows: readonly (Use | Metric)[]): void;
  /** Never rejects; `true` when everything added so far has arrived. */
  flush(): Promise<boolean>;
  /** For a page that goes away: one batch, begun before this returns; a second arrival of it is known by its id. */
  flushLast(): void;
}

/** Whatever the alphabet of their keys, that many stay below what a server takes; nearly always below 64 kB. */
const MAX_ROWS = 250;
const MAX_NAME_LENGTH = 200;
/** NUL, or half of a surrogate pair, which no database column holds. */
const ILL_FORMED = /[\0\ud800-\udfff]/u;
/** Different sums kept while the server is away; what exceeds them is dropped and counted. */
const MAX_BACKLOG = 10_000;

export function createEvents(platform: Platform, send: Send): Events {
  const backlog = new Map<string, Use | Metric>();
  let dropped = 0;
  let pending: Batch | undefined;
  let sending = Promise.resolve(true);

  function add(row: Use | Metric): void {
    const { count, ...rest } = row;
    const { flag, metric: called = flag }: { flag?: unknown; metric?: unknown } = row;
    // What a server cannot take would make it refuse the whole batch.
    if (typeof called !== "string" || called === "" || called.length > MAX_NAME_LENGTH) return;
    if (ILL_FORMED.test(called)) return;
    const name = JSON.stringify({ ...rest, sum: 0 });
    const kept = backlog.get(name);
    if (kept) {
      kept.count += count;
      if ("sum" in kept && "sum" in row) kept.sum += row.sum;
    } else if (backlog.size < MAX_BACKLOG) backlog.set(name, { ...row });
    else dropped += count;
  }

  function cut(): Batch | undefined {
    if (!backlog.size) return undefined;
    const usage: Use[] = [];
    const metrics: Metric[] = [];
    for (const [name, row] of [...backlog].slice(0, MAX_ROWS)) {
      backlog.delete(name);
      if ("flag" in row) usage.push(row);
      else metrics.push(row);
    }
    return { batchId: platform.uuid(), usage, metrics };
  }

  async function sendAll(): Promise<boolean> {
    for (;;) {
      pending ??= cut();
      if (!pending) return true;
      if (!(await send(pending, false))) return false;
      pending = undefined;
    }
  }

  return {
    dropped: () => dropped,
    add: (rows) => rows.forEach(add),
    flush() {
      sending = sending.then(sendAll);
      return sending;
    },
    flushLast() {
      pending ??= cut();
      if (pending) void send(pending, true);
    },
  };
}
