import type { Extensions, Ruleset } from "@lanyard/evaluation";
import type { ClientEvents, ClientLife } from "./client.ts";
import type { Connection, ConnectionListener, Line } from "./connection.ts";
import { createEmitter } from "./emitter.ts";
import { createEvents, type Use } from "./events.ts";
import type { RuleFrames } from "./frames.ts";
import type { Platform } from "./platform.ts";
import { createReads, type Hook, type Reads } from "./reads.ts";
import { type CreateReceipts, createReceipts, type Receipt } from "./receipts.ts";
import { createSchedule } from "./schedule.ts";
import { createServer, REFUSALS, type ServerAddress } from "./server.ts";
import { createKeeper, type SnapshotStorage } from "./snapshot.ts";
import { createStaleness } from "./staleness.ts";
import { createStanding } from "./standing.ts";
import type { Faults } from "./status.ts";
import { createStore, type KillEvent, type Source, type Store } from "./store.ts";
import { createUsage } from "./usage.ts";

export interface CoreOptions {
  platform: Platform;
  /** Absent: nothing is fetched and nothing is sent. */
  server?: ServerAddress | undefined;
  /** Absent: nothing happens by itself, and whoever made the client fetches. */
  connect?: ((line: Line) => Connection) | undefined;
  /** Absent: kills are confirmed, and who confirms them is not shown to anybody. */
  receipts?: CreateReceipts | undefined;
  bootstrap?: Ruleset | undefined;
  snapshots?: SnapshotStorage | undefined;
  /** Operators and algorithms that not every evaluator carries. */
  extensions?: Extensions | undefined;
  hooks?: readonly Hook[] | undefined;
  /** Shown in the status. Whoever makes the client counts them, as the connection's listener hears of them. */
  faults?: Readonly<Faults> | undefined;
}

/** A client without the face that its users see: rules in memory, what keeps them fresh, and what is told about both. */
export interface Core {
  /** What users see of it. */
  readonly life: ClientLife;
  readonly store: Store;
  readonly reads: Reads;
  /** What a connection of this client is made of; absent without a server. */
  readonly line: Line | undefined;
  readonly listener: ConnectionListener;
  /** Ends a wait early: the network came back, or somebody looks at the page. */
  hurry(): void;
  /** Begins again without the rules, which were another user's. */
  restart(): void;
  /** The last chance before a page goes away: begun before this returns. */
  leave(): void;
  /** Resolves when what was saved is kept. */
  save(): Promise<void> | undefined;
  /** Tells the keys whose answer can have changed. */
  changed(keys: string[]): void;
}

const FLUSH_MS = 10_000;

export function createCore(options: CoreOptions): Core {
  const { platform, snapshots } = options;
  const schedule = createSchedule(platform);
  const emitter = createEmitter<ClientEvents>();
  const store = createStore(options.extensions, { changed, killed });
  const { evaluator } = store;
  const server = options.server && createServer(platform, options.server, store);
  const events = createEvents(platform, (batch, last) => post("events", batch, last));
  const standing = createStanding(platform, store, events, Boolean(server), options.faults, (status) =>
    emitter.emit("status", status),
  );
  const review = createStaleness(platform, schedule, store, standing, collect);
  const keeper = snapshots && createKeeper(snapshots, store, standing);
  const usage = createUsage();
  const reads = createReads(store, usage, options.hooks ?? [], standing.ageMs);
  const receipts = (options.receipts ?? createReceipts)(platform, schedule, confirm, store.kills);
  let closing: Promise<void> | undefined;

  const listener: ConnectionListener = {
    rules(name, frame, source, repair) {
      if (name === "kill") receipts.hear(frame as RuleFrames["kill"]);
      return (store[name] as Take)(frame, source, repair) !== false;
    },
    contact(source) {
      if (!standing.hasContact()) receipts.arrive?.();
      store.source = source;
      standing.report({ contact: true, refused: false, ageMs: 0 });
      review();
    },
    down() {
      standing.report({ contact: false, refused: false });
      review();
    },
    failed(message, status) {
      const refused = REFUSALS.includes(status);
      standing.report({ refused, lastError: { message, at: new Date(), status } });
    },
  };

  const save = () => keeper?.save();

  function changed(named: string[]): void {
    const keys = [...new Set(named)];
    if (!keys.length) return;
    snapshots?.plan?.("change", schedule, save);
    emitter.emit("change", { keys, revision: evaluator.ruleset.revision });
  }

  function killed(event: KillEvent): void {
    snapshots?.plan?.("kill", schedule, save);
    if (event.kind === "killed") receipts.confirm(event.elements);
    emitter.emit("kill", event);
  }

  function collect(): void {
    const uses = usage.drain();
    const isStale = ({ flag, reason }: Use): boolean => reason === "killed" && store.isExpired(flag);
    events.add(uses.map((use) => (isStale(use) ? { ...use, reason: "stale" } : use)));
  }

  /** Never rejects. Without a server there is nobody to keep anything for. */
  async function post(path: string, body: object, last: boolean): Promise<boolean> {
    return !server || server.post(path, body, last).catch(() => false);
  }

  function confirm(receipt: Receipt): Promise<boolean> {
    const { epoch, revision } = evaluator.ruleset;
    return post("receipts", { ...receipt, epoch, revision }, false);
  }

  function flush(): Promise<boolean> {
    collect();
    return events.flush();
  }

  function flushLater(): void {
    schedule.set("flush", FLUSH_MS * (0.8 + 0.4 * platform.random()), () => void flush().then(flushLater));
  }

  function open(): Connection | undefined {
    return line && options.connect?.(line);
  }

  async function end(): Promise<void> {
    connection?.close();
    schedule.close();
    server?.close();
    standing.report({ contact: false, closed: true });
    emitter.clear();
    await Promise.all([save(), flush(), connection && receipts.leave?.()]);
  }

  if (options.bootstrap) store.put(options.bootstrap, "bootstrap");
  try {
    keeper?.load();
  } catch {
    listener.failed("the snapshot is damaged");
  }
  // Who has no server has no contact to lose.
  if (server) review();
  const line = server && { platform, schedule, server, store, listener };
  let connection = open();
  if (connection) flushLater();

  return {
    life: {
      status: standing.status,
      ready: standing.ready,
      on: emitter.on,
      track(metric, _context, { value = 0 } = {}) {
        if (Number.isFinite(value)) events.add([{ metric, count: 1, sum: value }]);
      },
      flush,
      close() {
        closing ??= end();
        return closing;
      },
    },
    store,
    reads,
    line,
    listener,
    changed,
    save,
    hurry: () => connection?.hurry(),
    restart() {
      connection?.close();
      store.forget();
      listener.down();
      if (!closing) connection = open();
    },
    leave() {
      void save();
      collect();
      events.flushLast();
    },
  };
}

/** `false`: it does not follow from what is held. */
type Take = (frame: unknown, source: Source, repair?: boolean) => unknown;
