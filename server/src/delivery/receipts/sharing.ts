import type { Announcement, Confirmation, Fanout, InstanceWord } from "../../fanout/index.ts";

/** A confirmation is told soon; presence can wait for company. */
const TICK_MS = 100;
const PRESENCE_EVERY_TICKS = 10;
/** Entries of one message: it must not hold up a kill on the bus. */
const CHUNK = 200;
/** What waits to be told, per environment and kind; beyond it the bus is not keeping up. */
const OUTBOX_MAX = 20_000;
/** In this time every instance has said a word: until then a node that has just come, or come back, knows too few. */
const WHOLE_AFTER_MS = 35_000;

type Told = Extract<Announcement, { type: "receipts" }>;

interface Outbox {
  seen: Map<string, InstanceWord>;
  left: Set<string>;
  confirmed: Confirmation[];
}

interface Options {
  /** There is no other node, ever. */
  alone: boolean;
  now?: () => number;
}

/** Tells the other nodes what this one's receipts said, in batches, and knows whether they can be heard. */
export interface Sharing {
  seen(environmentId: string, word: InstanceWord): void;
  left(environmentId: string, id: string): void;
  confirmed(environmentId: string, confirmations: Confirmation[]): void;
  /** Whether this node has been there, and heard all others, for long enough to know every instance. */
  readonly whole: boolean;
  close(): void;
}

export function shareReceipts(fanout: Fanout, { alone, now = () => performance.now() }: Options): Sharing {
  const outboxes = new Map<string, Outbox>();
  const startedAt = now();
  let ticks = 0;
  let togetherSince: number | undefined;

  function outbox(environmentId: string): Outbox {
    const known = outboxes.get(environmentId);
    if (known) return known;
    const fresh = { seen: new Map(), left: new Set<string>(), confirmed: [] };
    outboxes.set(environmentId, fresh);
    return fresh;
  }

  function tell(environmentId: string, said: Partial<Pick<Told, keyof Outbox>>): void {
    fanout.announce({
      type: "receipts",
      environmentId,
      node: fanout.node,
      seen: [],
      left: [],
      confirmed: [],
      ...said,
    });
  }

  function flush(environmentId: string, { seen, left, confirmed }: Outbox, presence: boolean): void {
    for (const chunk of chunks(confirmed)) tell(environmentId, { confirmed: chunk });
    confirmed.length = 0;
    if (!presence) return;
    for (const chunk of chunks([...seen.values()])) tell(environmentId, { seen: chunk });
    for (const chunk of chunks([...left])) tell(environmentId, { left: chunk });
    outboxes.delete(environmentId);
  }

  const timer = setInterval(() => {
    togetherSince = fanout.redisUp ? (togetherSince ?? now()) : undefined;
    ticks += 1;
    for (const [environmentId, waiting] of outboxes)
      flush(environmentId, waiting, ticks % PRESENCE_EVERY_TICKS === 0);
  }, TICK_MS).unref();

  return {
    seen(environmentId, word) {
      const { seen } = outbox(environmentId);
      if (seen.size < OUTBOX_MAX) seen.set(word.id, word);
    },
    left(environmentId, id) {
      const { seen, left } = outbox(environmentId);
      seen.delete(id);
      if (left.size < OUTBOX_MAX) left.add(id);
    },
    confirmed(environmentId, confirmations) {
      const { confirmed } = outbox(environmentId);
      if (confirmed.length < OUTBOX_MAX) confirmed.push(...confirmations);
    },
    get whole() {
      const since = alone ? startedAt : togetherSince;
      return since !== undefined && now() - since >= WHOLE_AFTER_MS;
    },
    close: () => clearInterval(timer),
  };
}

function chunks<Item>(items: Item[]): Item[][] {
  const count = Math.ceil(items.length / CHUNK);
  return Array.from({ length: count }, (_, at) => items.slice(at * CHUNK, (at + 1) * CHUNK));
}
