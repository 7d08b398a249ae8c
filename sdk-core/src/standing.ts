import type { Events } from "./events.ts";
import type { Platform } from "./platform.ts";
import { MAX_DELAY_MS } from "./schedule.ts";
import { type Faults, type Status, stateOf } from "./status.ts";
import type { Store } from "./store.ts";

/** What a client learns about its contact with a server. */
export interface News {
  /** Whether a server can bring changes now. */
  contact?: boolean;
  /** How long ago a server last confirmed the rules. */
  ageMs?: number;
  /** Whether a server refused the key the last time. */
  refused?: boolean;
  lastError?: Status["lastError"];
  closed?: boolean;
}

/** Where a client stands. */
export interface Standing {
  status(): Status;
  /** Milliseconds since the last contact; `Infinity` when there was none. */
  ageMs(): number;
  hasContact(): boolean;
  /** Takes news in, and tells it when anything that a status says but its age is another. */
  report(news: News): void;
  ready(options?: { timeoutMs?: number }): Promise<Status>;
}

const READY_MS = 5_000;

/** `awaited`: whether there is a server to wait for. `faults`: as they are counted, where they are. */
export function createStanding(
  platform: Platform,
  store: Store,
  events: Events,
  awaited: boolean,
  faults: Readonly<Faults> | undefined,
  tell: (status: Status) => void,
): Standing {
  const waiting = new Set<() => void>();
  let known: News = {};
  let contactAt: number | undefined;
  let told = "";

  const ageMs = (): number => (contactAt === undefined ? Infinity : platform.now() - contactAt);

  function status(): Status {
    const { contact, closed, lastError } = known;
    return {
      state: stateOf(store.source, contact, closed),
      ...store.evaluator.ruleset,
      source: store.source,
      ageMs: ageMs(),
      lastError,
      ...faults,
      droppedUses: events.dropped(),
    };
  }

  function settleReady(): void {
    if (awaited && !known.contact && !known.refused && !known.closed) return;
    for (const settle of [...waiting]) settle();
  }

  return {
    status,
    ageMs,
    hasContact: () => Boolean(known.contact),
    report(news) {
      known = { ...known, ...news };
      if (news.ageMs !== undefined) contactAt = platform.now() - news.ageMs;
      settleReady();
      const seen = JSON.stringify({ ...status(), ageMs: 0 });
      if (seen === told) return;
      told = seen;
      tell(status());
    },
    ready: ({ timeoutMs = READY_MS } = {}) =>
      new Promise((resolve) => {
        const settle = (): void => {
          cancel();
          waiting.delete(settle);
          resolve(status());
        };
        const cancel = platform.after(Math.min(timeoutMs, MAX_DELAY_MS), settle, true);
        waiting.add(settle);
        settleReady();
      }),
  };
}
