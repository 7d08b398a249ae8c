import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Guard } from "../access/index.ts";
import { openCopyFiles } from "./copy-files.ts";
import { type Environments, type ProjectIndex, toStored } from "./environments/index.ts";

const SAVE_EVERY_MS = 2_000;

/**
 * What serving and killing need, in the data folder: a node that starts while the database is away goes on from it, and
 * one that starts on an older backup knows by it what is missing there.
 */
export interface MemoryCopy {
  /** Tells the memory what an earlier run served: to be called before the database is looked at. */
  recall(): void;
  /** Goes on from there alone. False when nothing says who may come in; what the database says later replaces it. */
  serve(): boolean;
  close(): Promise<void>;
}

interface Options {
  dataDir: string;
  /** The namespaces of this instance's secrets. */
  instances: readonly [current: string, ...previous: string[]];
  environments: Environments;
  projectIndex: ProjectIndex;
  guard: Guard;
  log: Logger;
}

export function openMemoryCopy(options: Options): MemoryCopy {
  const { dataDir, instances, environments, projectIndex, guard, log } = options;
  const folder = join(dataDir, "memory");
  const files = openCopyFiles({ folder, instances, log });
  const changed = new Set<string>();
  const { keys, sessions, passes } = guard;
  let accessSaved = "";
  let saving: Promise<void> | undefined;
  environments.listen(({ environment }) => changed.add(environment.id));
  projectIndex.onRead((projectId) => {
    for (const state of environments.all()) if (state.projectId === projectId) changed.add(state.id);
  });

  async function saveAccess() {
    // Nothing was learned yet, or all was forgotten: the old file is the better one.
    if (keys.all().length + sessions.all().length === 0) return;
    const access = { keys: keys.all(), sessions: sessions.all(), access: passes.all() };
    const text = JSON.stringify(access);
    if (text === accessSaved) return;
    await files.writeAccess(access);
    accessSaved = text;
  }

  async function saveEnvironment(id: string) {
    const state = environments.get(id);
    if (!state) return;
    // Of one moment: what changes while it is written goes into the next one.
    await files.writeEnvironment({
      environment: toStored(state),
      project: projectIndex.of(state.projectId),
    });
  }

  async function save() {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await saveAccess();
    for (const id of changed) {
      changed.delete(id);
      await saveEnvironment(id).catch((error: unknown) => {
        changed.add(id);
        throw error;
      });
    }
  }

  function saveSoon() {
    saving ??= save()
      .catch((error: unknown) => log.warn({ err: error }, "the copy of the flags cannot be written"))
      .finally(() => {
        saving = undefined;
      });
    return saving;
  }

  const timer = setInterval(() => void saveSoon(), SAVE_EVERY_MS);
  return {
    recall() {
      for (const { environment, project } of files.environments()) {
        environments.recall(environment);
        if (project) projectIndex.adopt(environment.projectId, project);
      }
    },
    serve() {
      const access = files.access();
      if (!access) return false;
      try {
        environments.serveRecalled();
      } catch (error) {
        log.error({ err: error }, "the copy of the flags cannot be read");
        return false;
      }
      keys.fill(access.keys);
      sessions.fill(access.sessions);
      passes.fill(access.access);
      return true;
    },
    async close() {
      clearInterval(timer);
      await saving;
      await saveSoon();
    },
  };
}
