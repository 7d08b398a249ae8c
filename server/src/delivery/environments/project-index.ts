import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import type { Fanout } from "../../fanout/index.ts";
import { type IndexedProject, type ReadProject, readProject } from "./read-project.ts";

/** What killing needs beside the rules, in memory, since a kill must not need the database. */
export interface ProjectIndex {
  /** Resolves once what is known to have changed is read; rejects when the database is away. */
  settled(projectId: string): Promise<void>;
  /** The same of every project. */
  allSettled(): Promise<void>;
  /** Undefined for a project that this node has not read yet. */
  of(projectId: string): IndexedProject | undefined;
  /** Hears of projects of which something else is known than before. */
  onRead(listener: (projectId: string) => void): void;
  /** From the copy in the data folder; what the database says replaces it. */
  adopt(projectId: string, project: IndexedProject): void;
}

export function createProjectIndex(database: Database, fanout: Fanout, log: Logger): ProjectIndex {
  const byProject = new Map<string, ReadProject>();
  const reading = new Map<string, Promise<void>>();
  const stale = new Set<string>();
  const listeners: ((projectId: string) => void)[] = [];

  /** Reads once more when the project changed while it was being read. */
  async function readUntilFresh(projectId: string): Promise<void> {
    while (stale.delete(projectId)) {
      try {
        const known = byProject.get(projectId);
        const read = await readProject(database, projectId, known);
        byProject.set(projectId, read);
        if (read.project !== known?.project) for (const listener of listeners) listener(projectId);
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
    of: (projectId) => byProject.get(projectId)?.project,
    onRead: (listener) => void listeners.push(listener),
    adopt(projectId, project) {
      if (!byProject.has(projectId)) byProject.set(projectId, { project, upTo: undefined });
    },
  };
}
