import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "../database/database.ts";
import type { Announcement, Fanout, Shelf } from "./announcement.ts";
import { CountersPoll } from "./counters-poll.ts";
import { type Notifier, openNotifier } from "./notify.ts";
import { openRedisBus, type RedisBus } from "./redis-bus.ts";
import type { Siblings } from "./siblings.ts";
import { createSigner } from "./signature.ts";

export interface FanoutOptions {
  database: Database;
  redisUrl?: string | undefined;
  /** The previous one is still believed while it is rotated. */
  secrets: { current: string; previous?: string | undefined };
  /** Absent when this process is the only one of its machine. */
  siblings?: Siblings | undefined;
  log: Logger;
}

/** Never waits for the database or Redis: what is away is found again by itself. */
export function createFanout(options: FanoutOptions): Fanout {
  return new Bus(options);
}

/** They move no counter, so no other node need look at the database. */
const UNCOUNTED = new Set<Announcement["type"]>(["connections", "held", "receipts", "drill"]);

class Bus implements Fanout {
  readonly node: string;
  readonly #log: Logger;
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #poll: CountersPoll;
  readonly #redis: RedisBus | undefined;
  readonly #siblings: Siblings | undefined;
  readonly #notifier: Promise<Notifier>;

  constructor({ database, redisUrl, secrets, siblings, log }: FanoutOptions) {
    this.#log = log;
    this.node = siblings ? `${siblings.group}/${randomUUID()}` : randomUUID();
    this.#siblings = siblings;
    siblings?.listen((announcement) => this.#heard(announcement));
    this.#poll = new CountersPoll(database, log, (announcement) => this.#tell(announcement));
    if (redisUrl !== undefined)
      this.#redis = openRedisBus({
        url: redisUrl,
        node: this.node,
        group: siblings?.group ?? this.node,
        signer: createSigner(secrets.current, secrets.previous),
        log,
        heard: (announcement) => this.#heard(announcement),
        connected: () => this.#lookSoon(),
      });
    this.#notifier = openNotifier(database, this.node, () => this.#lookSoon());
    this.#notifier.catch((error: unknown) => log.error({ err: error }, "cannot listen to the database"));
  }

  announce(announcement: Announcement): void {
    this.#heard(announcement);
    this.#siblings?.send(announcement);
    this.#redis?.publish(announcement);
    if (!UNCOUNTED.has(announcement.type) && this.#poll.databaseUp)
      this.#notifier.then(({ hint }) => hint()).catch(() => {});
  }

  listen(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  look(): Promise<void> {
    return this.#poll.look();
  }

  get shelf(): Shelf | undefined {
    return this.#redis?.shelf;
  }

  get databaseUp(): boolean {
    return this.#poll.databaseUp;
  }

  get redisUp(): boolean {
    return this.#redis?.up ?? false;
  }

  async close(): Promise<void> {
    this.#redis?.close();
    await Promise.all([this.#poll.close(), this.#notifier.then(({ close }) => close()).catch(() => {})]);
    this.#listeners.clear();
  }

  #heard(announcement: Announcement): void {
    this.#poll.note(announcement);
    this.#tell(announcement);
    // A project or an environment may be new: the counters have it.
    if (announcement.type === "access") this.#lookSoon();
  }

  #lookSoon(): void {
    this.#poll.look().catch(() => {});
  }

  #tell(announcement: Announcement): void {
    for (const listener of this.#listeners) {
      try {
        listener(announcement);
      } catch (error) {
        this.#log.error({ err: error, type: announcement.type }, "a listener failed on an announcement");
      }
    }
  }
}
