import type { Audience } from "../ruleset/index.ts";
import { receiptsDropped } from "./metrics.ts";

/** Apart, so that nobody with a page's public key can take the servers' turns. */
const PER_SECOND: Record<Audience, number> = { server: 2_000, client: 500 };
const TICK_MS = 50;
/** A turn of the loop that took longer means that this node has more to do than it can. */
const LATE_MS = 300;
const REST_MS = 500;

/** Receipts are dropped first: whenever the process is behind, or more come than confirm a kill. */
export interface Load {
  /** Whether one more may be taken; counts it. */
  take(from: Audience): boolean;
  /** When a server's was dropped last, on the monotonic clock; never is minus infinity. */
  readonly droppedAt: number;
  close(): void;
}

export function watchLoad(now: () => number = () => performance.now()): Load {
  let tickedAt = now();
  let busyUntil = 0;
  let second = 0;
  let taken = { server: 0, client: 0 };
  let droppedAt = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    const at = now();
    if (at - tickedAt > TICK_MS + LATE_MS) busyUntil = at + REST_MS;
    tickedAt = at;
  }, TICK_MS).unref();
  return {
    take(from) {
      const at = now();
      if (Math.floor(at / 1_000) !== second) {
        second = Math.floor(at / 1_000);
        taken = { server: 0, client: 0 };
      }
      taken[from] += 1;
      if (at >= busyUntil && taken[from] <= PER_SECOND[from]) return true;
      if (from === "server") droppedAt = at;
      receiptsDropped.inc();
      return false;
    },
    get droppedAt() {
      return droppedAt;
    },
    close: () => clearInterval(timer),
  };
}
