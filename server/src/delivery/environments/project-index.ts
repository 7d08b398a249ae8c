import type { Environment } from "@lanyard/contract";
import { asc, eq } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { environments, flags, projects } from "../../database/schema/index.ts";
import type { Fanout } from "../../fanout/index.ts";

export type IndexedFlag = Pick<typeof flags.$inferSelect, "key" | "name" | "tags" | "owner">;

/** A project as the kill page shows it, and what a kill can select flags by. */
export interface IndexedProject {
  name: string;
  /** In the order of the pages. */
  environments: Pick<Environment, "id" | "key" | "name" | "color" | "protected">[];
  flags: IndexedFlag[];
}

/** What killing needs beside the rules, in memory, since a kill must not need the database. */
export interface ProjectIndex {
  /** Resolves once what is known to have changed is read; rejects when the database is away. */
  settled(projectId: string): Promise<void>;
  /** The same of every project. */
  allSettled(): Promise<void>;
  /** Undefined for a project that this node has not read yet. */
  of(projectId: string): IndexedProject | undefined;
  onRead(listener: (projectId: string) => void): void;
  /** From the copy in the data folder; what the database says replaces it. */
  adopt(projectId: string, project: IndexedProject): void;
}

export function createProjectIndex(database: Database, fanout: Fanout, log: Logger): ProjectIndex {
  const byProject = new Map<string, IndexedProject>();
  const reading = new Map<string, Promise<void>>();
  const stale = new Set<string>();
  const listeners: ((projectId: string) => void)[] = [];

  /** Reads once more when the project changed while it was being read. */
  async function readUntilFresh(projectId: string): Promise<void> {
    while (stale.delete(projectId)) {
      try {
        byProject.set(projectId, await readProject(database, projectId));
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
    refresh(projectId).catch((error: unknown) => log.debug({ err: error }, "the index of a project waits"));

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
    async allSettled() {
      await Promise.all([...new Set([...stale, ...reading.keys()])].map(refresh));
    },
    of: (projectId) => byProject.get(projectId),
    onRead: (listener) => void listeners.push(listener),
    adopt: (projectId, known) => void (byProject.has(projectId) || byProject.set(projectId, known)),
  };
}

async function readProject(database: Database, projectId: string): Promise<IndexedProject> {
  const { key, name, tags, owner } = flags;
  const [[project], environmentRows, flagRows] = await Promise.all([
    database.read.select({ name: projects.name }).from(projects).where(eq(projects.id, projectId)),
    database.read
      .select()
      .from(environments)
      .where(eq(environments.projectId, projectId))
      .orderBy(asc(environments.position), asc(environments.id)),
    database.read.select({ key, name, tags, owner }).from(flags).where(eq(flags.projectId, projectId)),
  ]);
  return {
    name: project?.name ?? "",
    environments: environmentRows.map(({ id, color, ...row }) => ({
      id,
      key: row.key,
      name: row.name,
      color: color as Environment["color"],
      protected: row.protected,
    })),
    flags: flagRows,
  };
}
