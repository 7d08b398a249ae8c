import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { createRereads, type Rereads } from "../../database/reread.ts";
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
  const rereads = new Map<string, Rereads>();
  const listeners: ((projectId: string) => void)[] = [];

  function rereadsOf(projectId: string): Rereads {
    const started = rereads.get(projectId);
    if (started) return started;
    const made = createRereads(async () => {
      const known = byProject.get(projectId);
      const read = await readProject(database, projectId, known);
      byProject.set(projectId, read);
      if (read.project !== known?.project) for (const listener of listeners) listener(projectId);
    });
    rereads.set(projectId, made);
    return made;
  }

  const inBackground = (reading: Promise<void> | undefined) =>
    void reading?.catch((error: unknown) => log.debug({ err: error }, "the index of a project waits"));

  fanout.listen((announcement) => {
    if (announcement.type === "recorded") inBackground(rereadsOf(announcement.projectId).reload());
    else if (announcement.type === "counters")
      inBackground(rereads.get(announcement.counters.projectId)?.settled());
  });

  return {
    settled: async (projectId) => rereads.get(projectId)?.settled(),
    async allSettled() {
      await Promise.all([...rereads.values()].map(({ settled }) => settled()));
    },
    of: (projectId) => byProject.get(projectId)?.project,
    onRead: (listener) => void listeners.push(listener),
    adopt(projectId, project) {
      if (!byProject.has(projectId)) byProject.set(projectId, { project, upTo: undefined });
    },
  };
}
