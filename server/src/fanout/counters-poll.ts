import { eq } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../database/database.ts";
import { environments, projects } from "../database/schema/index.ts";
import type { Announcement } from "./announcement.ts";
import { databaseUp } from "./metrics.ts";

const POLL_EVERY_MS = 1_000;
/**
 * A look that takes longer is as good as none: a hung database is a dead one. One that is only slow for a moment is not,
 * and people go on working; a kill has a deadline of its own.
 */
const HUNG_AFTER_MS = 2_000;
/** After a stall of this process timers fire before answers are read: these get a chance first. */
const GRACE_MS = 100;

/** The floor under everything faster: one query a second finds whatever no message told. */
export class CountersPoll {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #tell: (announcement: Announcement) => void;
  readonly #sequences = new Map<string, number>();
  readonly #access = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #up = false;
  #closed = false;

  constructor(database: Database, log: Logger, tell: (announcement: Announcement) => void) {
    this.#database = database;
    this.#log = log;
    this.#tell = tell;
    this.#timer = setInterval(() => {
      if (!this.#running) this.look().catch(() => {});
    }, POLL_EVERY_MS);
  }

  get databaseUp(): boolean {
    return this.#up;
  }

  /** Resolves when a reading that began after the call is announced; those who ask meanwhile share the next one. */
  look(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (!this.#running) {
      this.#running = this.#read().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.look();
      });
    return this.#next;
  }

  /** What was announced need not be announced again when the poll finds it. */
  note(announcement: Announcement): void {
    if (announcement.type !== "recorded") return;
    const known = this.#sequences.get(announcement.projectId) ?? -1;
    this.#sequences.set(announcement.projectId, Math.max(known, announcement.sequence));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => {});
  }

  async #read(): Promise<void> {
    const readAt = performance.now();
    let hung: NodeJS.Timeout | undefined;
    // The embedded database is in this process: it can be busy, never away.
    if (this.#database.kind === "postgres")
      hung = setTimeout(() => {
        hung = setTimeout(() => this.#found(false, "it does not answer"), GRACE_MS);
      }, HUNG_AFTER_MS);
    try {
      const rows = await readCounters(this.#database);
      if (this.#closed) return;
      this.#found(true);
      for (const row of rows) this.#announce(row, readAt);
    } catch (error) {
      this.#found(false, error);
      throw error;
    } finally {
      clearTimeout(hung);
    }
  }

  #found(reached: boolean, error?: unknown): void {
    if (this.#closed) return;
    databaseUp.set(reached ? 1 : 0);
    this.#database.found(reached);
    if (reached === this.#up) return;
    this.#up = reached;
    if (reached) this.#log.debug("the database is reached");
    else
      this.#log.warn({ error: messageOf(error) }, "the database is away; flags and kills go on from memory");
  }

  #announce({ environmentId, sequence, ...counters }: Row, readAt: number): void {
    const { projectId } = counters;
    this.#tell({ type: "counters", environmentId, counters: { ...counters, readAt } });
    if (this.#access.get(environmentId) !== counters.access) {
      this.#access.set(environmentId, counters.access);
      this.#tell({ type: "access", projectId });
    }
    if ((this.#sequences.get(projectId) ?? -1) < sequence) {
      this.#sequences.set(projectId, sequence);
      this.#tell({ type: "recorded", projectId, sequence });
    }
  }
}

type Row = Awaited<ReturnType<typeof readCounters>>[number];

function readCounters(database: Database) {
  return database.raw
    .select({
      environmentId: environments.id,
      key: environments.key,
      projectId: environments.projectId,
      projectKey: projects.key,
      epoch: environments.epoch,
      revision: environments.revision,
      kills: environments.kills,
      access: environments.access,
      sequence: projects.changeSequence,
    })
    .from(environments)
    .innerJoin(projects, eq(projects.id, environments.projectId));
}

/** Drizzle wraps the driver's error, whose own message is the one that helps. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(", ");
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
