import type { Extensions, Ruleset } from "@lanyard/evaluation";
import type { ClientEvents, ClientLife } from "./client.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import type { Platform } from "./platform.ts";
import { createReceipts, type Presence, type Receipt, type Receipts } from "./receipts.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { RulesetServer, type ServerAddress } from "./server.ts";
import { readSnapshot, type SnapshotStorage, writeSnapshot } from "./snapshot.ts";
import { Staleness } from "./staleness.ts";
import { type Status, stateOf } from "./status.ts";
import { type KillEvent, RulesetStore, type Source } from "./store.ts";
import { UsageQueue } from "./usage.ts";

export interface LifecycleOptions {
  platform: Platform;
  /** Absent: nothing is fetched and nothing is sent. */
  server?: ServerAddress | undefined;
  /** Nothing happens by itself: whoever made the client fetches. */
  manual?: boolean | undefined;
  /** Shown to people who ask which instances there are; absent: only kills are confirmed. */
  presence?: Presence | undefined;
  bootstrap?: Ruleset | undefined;
  snapshots?: SnapshotStorage | undefined;
  /** Operators and algorithms that not every evaluator carries. */
  extensions?: Extensions | undefined;
  /** Bytes of one batch of usage. */
  maxBatchBytes: number;
  /** Told once per failure that differs from the one before it. */
  warn?: ((message: string) => void) | undefined;
}

const FLUSH_MS = 10_000;
const SEND_DEADLINE_MS = 10_000;
const LAST_FLUSH_MS = 2_000;
const READY_MS = 5_000;
/** Platform timers cannot wait longer: 24 days. */
const MAX_READY_MS = 2 ** 31 - 1;
/** Writing the snapshot costs as much as the ruleset is large; a kill is worth it sooner. */
const SAVE_MS = 10_000;
const SAVE_KILL_MS = 1_000;

/** The life of a client: rules in memory, one connection that keeps them fresh, and what is told about both. */
export class Lifecycle implements ClientLife {
  readonly #options: LifecycleOptions;
  protected readonly store: RulesetStore;
  readonly #scheduler: Scheduler;
  readonly #usage: UsageQueue;
  protected readonly staleness: Staleness;
  protected readonly server: RulesetServer | undefined;
  readonly #connection: Connection | undefined;
  readonly #receipts: Receipts | undefined;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #waiting = new Set<() => void>();
  protected readonly listener: ConnectionListener = {
    contact: (source) => this.#confirmed(source),
    down: () => this.#down(),
    failed: (message, refused) => this.#failed(message, refused),
    kill: (frame) => this.#receipts?.hear(frame),
  };
  #contact = false;
  #confirmedLast = "";
  #refused = false;
  #closing: Promise<void> | undefined;
  #lastError: Status["lastError"];

  constructor(options: LifecycleOptions) {
    const { platform, server } = options;
    this.#options = options;
    this.store = new RulesetStore(options.extensions, {
      changed: (keys) => this.changed(keys),
      kill: (event) => this.#killed(event),
    });
    this.#scheduler = createScheduler(platform);
    this.#usage = new UsageQueue(platform, options.maxBatchBytes);
    this.staleness = new Staleness(platform, this.#scheduler, this.store, () => this.#collect());
    this.#start();
    if (!server) return;
    this.server = new RulesetServer(platform, server, this.store);
    this.staleness.review();
    if (options.manual) return;
    this.#receipts = createReceipts(platform, this.#scheduler, options.presence, (receipt) =>
      this.#confirm(receipt),
    );
    this.#connection = new Connection(platform, this.#scheduler, this.server, this.store, this.listener);
    this.#connection.dispatch({ type: "start" });
    this.#flushLater();
  }

  #start(): void {
    const { bootstrap, snapshots } = this.#options;
    if (bootstrap) this.store.offer(bootstrap, "bootstrap");
    const kept = snapshots?.load();
    if (kept === undefined) return;
    try {
      const ageMs = readSnapshot(this.store, kept);
      if (this.store.source === "cache") this.staleness.startAt(ageMs);
    } catch {
      this.#failed("the snapshot is damaged and was left aside", false);
    }
  }

  status(): Status {
    const { environmentId, epoch, revision } = this.store.evaluator.ruleset;
    const { source } = this.store;
    return {
      state: stateOf(source, this.#contact, this.#closing !== undefined),
      environmentId,
      epoch,
      revision,
      source,
      ageMs: this.staleness.ageMs(),
      ...(this.#lastError && { lastError: this.#lastError }),
      droppedUses: this.#usage.dropped,
    };
  }

  ready({ timeoutMs = READY_MS }: { timeoutMs?: number } = {}): Promise<Status> {
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        this.#waiting.delete(settle);
        resolve(this.status());
      };
      const cancel = this.#options.platform.after(Math.min(timeoutMs, MAX_READY_MS), settle, true);
      this.#waiting.add(settle);
      this.#settleReady();
    });
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  flush(): Promise<boolean> {
    if (!this.#options.server) return Promise.resolve(true);
    this.#collect();
    return this.#usage.flush((body) => this.#send("events", body));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Reconnects now rather than at the end of a wait: for when the network is known to be back. */
  protected hurry(): void {
    this.#connection?.dispatch({ type: "hurry" });
  }

  /** The last chance before a page goes away: begun before this returns. */
  protected leave(): void {
    this.save();
    if (!this.#options.server) return;
    this.#collect();
    this.#usage.flushLast((body) => this.#send("events", body, true));
  }

  #confirmed(source: Source): void {
    const { epoch, revision } = this.store.evaluator.ruleset;
    const confirmed = `${source} ${epoch} ${revision}`;
    const isNews = !this.#contact || confirmed !== this.#confirmedLast;
    if (!this.#contact) this.#receipts?.arrive();
    this.#confirmedLast = confirmed;
    this.#contact = true;
    this.#refused = false;
    this.store.source = source;
    this.staleness.confirm();
    if (isNews) this.#statusChanged();
  }

  #down(): void {
    if (!this.#contact) return;
    this.#contact = false;
    this.staleness.review();
    this.#statusChanged();
  }

  #failed(message: string, refused: boolean): void {
    if (message !== this.#lastError?.message) this.#options.warn?.(message);
    this.#lastError = { message, at: new Date() };
    this.#refused = refused;
    this.#statusChanged();
  }

  #statusChanged(): void {
    this.#settleReady();
    this.#emitter.emit("status", this.status());
  }

  #settleReady(): void {
    const settled = this.#contact || this.#refused || this.#closing || !this.#options.server;
    if (settled) for (const settle of [...this.#waiting]) settle();
  }

  protected changed(keys: string[]): void {
    this.#saveWithin(SAVE_MS);
    if (keys.length === 0) return;
    this.#emitter.emit("change", { keys, revision: this.store.evaluator.ruleset.revision });
  }

  #killed(event: KillEvent): void {
    this.#saveWithin(SAVE_KILL_MS);
    if (event.kind === "killed") this.#receipts?.confirm(event.elements);
    this.#emitter.emit("kill", event);
  }

  #saveWithin(delayMs: number): void {
    if (this.#options.snapshots && !this.#closing)
      this.#scheduler.setSooner("save", delayMs, () => this.save());
  }

  protected save(): void {
    if (this.store.holdsRules)
      this.#options.snapshots?.save(writeSnapshot(this.store, this.staleness.ageMs()));
  }

  /** Resolves when what was saved is kept. */
  protected async saved(): Promise<void> {
    await this.#options.snapshots?.settled?.();
  }

  #collect(): void {
    this.#usage.add(
      this.store.evaluator
        .drainUses()
        .map((use) =>
          use.reason === "killed" && this.store.isExpired(use.flag) ? { ...use, reason: "stale" } : use,
        ),
    );
  }

  #flushLater(): void {
    const delayMs = FLUSH_MS * (0.8 + 0.4 * this.#options.platform.random());
    this.#scheduler.set("flush", delayMs, () => {
      void this.flush().then(() => {
        if (!this.#closing) this.#flushLater();
      });
    });
  }

  #confirm(receipt: Receipt): Promise<boolean> {
    const { epoch, revision } = this.store.evaluator.ruleset;
    return this.#send("receipts", JSON.stringify({ ...receipt, epoch, revision })).catch(() => false);
  }

  /** `true` when it has arrived, or can never be accepted. */
  async #send(what: "events" | "receipts", body: string, keepalive = false): Promise<boolean> {
    const { platform, server } = this.#options;
    if (!server) return true;
    const response = await platform.fetch(`${server.url}/sdk/v1/${what}`, {
      method: "POST",
      headers: { ...server.headers, "content-type": "application/json" },
      body,
      keepalive,
      signal: AbortSignal.timeout(this.#closing ? LAST_FLUSH_MS : SEND_DEADLINE_MS),
    });
    await response.body?.cancel();
    return response.ok || response.status === 400 || response.status === 413;
  }

  async #close(): Promise<void> {
    this.#connection?.dispatch({ type: "close" });
    this.#scheduler.close();
    this.save();
    this.#contact = false;
    const left = this.#receipts?.leave();
    const flushed = this.flush();
    await Promise.resolve();
    this.#statusChanged();
    this.#emitter.clear();
    await Promise.all([flushed, left]);
    await this.saved();
  }
}
