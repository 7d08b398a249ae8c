import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Guard, KeyRecord, KnownAccess, RememberedSession } from "../access/index.ts";
import {
  type Environments,
  fromStored,
  type IndexedProject,
  type ProjectIndex,
  type StoredEnvironment,
  toStored,
} from "./environments/index.ts";
import { inPieces } from "./in-pieces.ts";

const SAVE_EVERY_MS = 2_000;
const ACCESS_FILE = "access.json";
const FORMAT = 3;

interface EnvironmentFile {
  format: number;
  environment: StoredEnvironment;
  /** What killing needs of its project. */
  project: IndexedProject | undefined;
}

/** Keys and sessions by their hashes only. */
interface AccessFile {
  format: number;
  keys: KeyRecord[];
  sessions: RememberedSession[];
  access: KnownAccess[];
}

/** What serving and killing need, in the data folder: a node that starts while the database is away goes on from it. */
export interface MemoryCopy {
  /** False when there is none. What the database says later replaces it. */
  restore(): boolean;
  close(): Promise<void>;
}

interface Options {
  dataDir: string;
  environments: Environments;
  projectIndex: ProjectIndex;
  guard: Guard;
  log: Logger;
}

export function openMemoryCopy({ dataDir, environments, projectIndex, guard, log }: Options): MemoryCopy {
  const folder = join(dataDir, "memory");
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
    const file: AccessFile = {
      format: FORMAT,
      keys: keys.all(),
      sessions: sessions.all(),
      access: passes.all(),
    };
    const text = JSON.stringify(file);
    if (text === accessSaved) return;
    await replaceFile(join(folder, ACCESS_FILE), [text]);
    accessSaved = text;
  }

  async function saveEnvironment(id: string) {
    const state = environments.get(id);
    if (!state) return;
    // Of one moment: what changes while it is written goes into the next one.
    const file: EnvironmentFile = {
      format: FORMAT,
      environment: toStored(state),
      project: projectIndex.of(state.projectId),
    };
    await replaceFile(join(folder, `${id}.json`), inPieces(file));
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

  function restoreEnvironment(name: string) {
    const file = readFormat<EnvironmentFile>(join(folder, name));
    environments.adopt(fromStored(file.environment));
    if (file.project) projectIndex.adopt(file.environment.projectId, file.project);
  }

  const timer = setInterval(() => void saveSoon(), SAVE_EVERY_MS);
  return {
    restore() {
      if (!existsSync(join(folder, ACCESS_FILE))) return false;
      try {
        const access = readFormat<AccessFile>(join(folder, ACCESS_FILE));
        keys.fill(access.keys.map(withDates));
        sessions.fill(access.sessions);
        passes.fill(access.access);
        for (const name of readdirSync(folder))
          if (name.endsWith(".json") && name !== ACCESS_FILE) restoreEnvironment(name);
        return true;
      } catch (error) {
        log.error({ err: error }, "the copy of the flags cannot be read");
        return false;
      }
    },
    async close() {
      clearInterval(timer);
      await saving;
      await saveSoon();
    },
  };
}

/** Readers find the old file or the new one, never half of one. */
async function replaceFile(path: string, pieces: Iterable<string>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, pieces, { mode: 0o600, flush: true });
  await rename(part, path);
}

function readFormat<File extends { format: number }>(path: string): File {
  const file = JSON.parse(readFileSync(path, "utf8")) as File;
  if (file.format !== FORMAT) throw new Error(`${path} has format ${file.format}`);
  return file;
}

function withDates(key: KeyRecord): KeyRecord {
  const date = (value: Date | null) => (value === null ? null : new Date(value));
  return {
    ...key,
    createdAt: new Date(key.createdAt),
    expiresAt: date(key.expiresAt),
    lastUsedAt: date(key.lastUsedAt),
    revokedAt: date(key.revokedAt),
  };
}
