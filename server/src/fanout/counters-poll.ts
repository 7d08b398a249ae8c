import { eq } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../database/database.ts";
import { environments, projects } from "../database/schema/index.ts";
import type { Announcement } from "./announcement.ts";
import { databaseUp } from "./metrics.ts";

const POLL_EVERY_MS = 1_000;
/** A look that takes longer is as good as none: a hung database is a dead one. */
const HUNG_AFTER_MS = 600;
/** After a stall of this process timers fire before answers are read: these get a chance first. */
const GRACE_MS = 100;

export interface CountersPoll {
  readonly databaseUp: boolean;
  look(): Promise<void>;
  /** What was announced need not be announced again when the poll finds it. */
  note(announcement: Announcement): void;
  close(): Promise<void>;
}

/** The floor under everything faster: one query a second finds whatever no message told. */
export function startCountersPoll(
  database: Database,
  log: Logger,
  tell: (announcement: Announcement) => void,
): CountersPoll {
  const sequences = new Map<string, number>();
  const access = new Map<string, number>();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let up = false;
  let closed = false;

  function found(reached: boolean, error?: unknown) {
    if (closed) return;
    databaseUp.set(reached ? 1 : 0);
    if (reached === up) return;
    up = reached;
    if (up) log.info("the database is reached");
    else log.warn({ error: messageOf(error) }, "the database is away; flags and kills go on from memory");
  }

  async function read() {
    const readAt = performance.now();
    let hung: NodeJS.Timeout | undefined;
    // The embedded database is in this process: it can be busy, never away.
    if (database.kind === "postgres")
      hung = setTimeout(() => {
        hung = setTimeout(() => found(false, "it does not answer"), GRACE_MS);
      }, HUNG_AFTER_MS);
    try {
      const rows = await readCounters(database);
      if (closed) return;
      found(true);
      for (const row of rows) announceRow(row, readAt);
    } catch (error) {
      found(false, error);
      throw error;
    } finally {
      clearTimeout(hung);
    }
  }

  function announceRow({ environmentId, sequence, ...counters }: Row, readAt: number) {
    const { projectId } = counters;
    tell({ type: "counters", environmentId, counters: { ...counters, readAt } });
    if (access.get(environmentId) !== counters.access) {
      access.set(environmentId, counters.access);
      tell({ type: "access", projectId });
    }
    if ((sequences.get(projectId) ?? -1) < sequence) {
      sequences.set(projectId, sequence);
      tell({ type: "recorded", projectId, sequence });
    }
  }

  function look(): Promise<void> {
    if (closed) return Promise.resolve();
    if (!running) {
      running = read().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return look();
      });
    return next;
  }

  const timer = setInterval(() => {
    if (!running) look().catch(() => {});
  }, POLL_EVERY_MS);

  return {
    get databaseUp() {
      return up;
    },
    look,
    note(announcement) {
      if (announcement.type !== "recorded") return;
      const known = sequences.get(announcement.projectId) ?? -1;
      sequences.set(announcement.projectId, Math.max(known, announcement.sequence));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running?.catch(() => {});
    },
  };
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
      metadata: environments.metadata,
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
