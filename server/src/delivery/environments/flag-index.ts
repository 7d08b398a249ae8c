import { eq } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { flags } from "../../database/schema/index.ts";
import type { Fanout } from "../../fanout/index.ts";

export type IndexedFlag = Pick<typeof flags.$inferSelect, "key" | "tags" | "owner">;

/** What a kill can select flags by, in memory, since a kill must not need the database. */
export interface FlagIndex {
  /** Resolves once what is known to have changed is read; rejects when the database is away. */
  settled(projectId: string): Promise<void>;
  of(projectId: string): IndexedFlag[];
  onRead(listener: (projectId: string) => void): void;
  /** From the copy in the data folder; what the database says replaces it. */
  adopt(projectId: string, flags: IndexedFlag[]): void;
}

export function createFlagIndex(database: Database, fanout: Fanout, log: Logger): FlagIndex {
  const byProject = new Map<string, IndexedFlag[]>();
  const reading = new Map<string, Promise<void>>();
  const stale = new Set<string>();
  const listeners: ((projectId: string) => void)[] = [];

  /** Reads once more when the project changed while it was being read. */
  async function readUntilFresh(projectId: string): Promise<void> {
    while (stale.delete(projectId)) {
      try {
        byProject.set(projectId, await readFlags(database, projectId));
        for (const listener of listeners) listener(projectId);
      } catch (error) {
        stale.add(projectId);
        throw error;
      }
    }
  }

  function refresh(projectId: string): Promise<void> {
    const running = reading.get(projectId);
    if (running) return running;
    const started = readUntilFresh(projectId).finally(() => reading.delete(projectId));
    reading.set(projectId, started);
    return started;
  }

  const refreshSoon = (projectId: string) =>
    refresh(projectId).catch((error: unknown) => log.debug({ err: error }, "the flag index waits"));

  fanout.listen((announcement) => {
    if (announcement.type === "recorded") {
      stale.add(announcement.projectId);
      void refreshSoon(announcement.projectId);
    } else if (announcement.type === "counters") {
      const { projectId } = announcement.counters;
      if (stale.has(projectId)) void refreshSoon(projectId);
    }
  });

  return {
    settled: (projectId) =>
      stale.has(projectId) || reading.has(projectId) ? refresh(projectId) : Promise.resolve(),
    of: (projectId) => byProject.get(projectId) ?? [],
    onRead: (listener) => void listeners.push(listener),
    adopt: (projectId, known) => void (byProject.has(projectId) || byProject.set(projectId, known)),
  };
}

function readFlags(database: Database, projectId: string): Promise<IndexedFlag[]> {
  return database.read
    .select({ key: flags.key, tags: flags.tags, owner: flags.owner })
    .from(flags)
    .where(eq(flags.projectId, projectId))
    .then((rows) => rows);
}
