import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { KeyRecord, KnownAccess, RememberedSession } from "../access/index.ts";
import { elementsOf, emptyKillSet, mergeKills } from "../fanout/index.ts";
import type { IndexedProject, StoredEnvironment } from "./environments/index.ts";
import { inPieces } from "./in-pieces.ts";

const ACCESS_FILE = "access.json";
const FORMAT = 4;

/** Keys and sessions by their hashes only. */
export interface AccessCopy {
  keys: KeyRecord[];
  sessions: RememberedSession[];
  access: KnownAccess[];
}

export interface EnvironmentCopy {
  environment: StoredEnvironment;
  /** What killing needs of its project. */
  project: IndexedProject | undefined;
}

interface Stamp {
  format: number;
  /** The namespace of the instance's secret: another instance's folder is left alone. */
  instance: string;
}

/**
 * The copy of this node's memory in its data folder: a file for each environment, and one for who may come in. What is
 * damaged, of another format or of another instance is left out, and logged.
 */
export interface CopyFiles {
  environments(): EnvironmentCopy[];
  access(): AccessCopy | undefined;
  writeAccess(copy: AccessCopy): Promise<void>;
  writeEnvironment(copy: EnvironmentCopy): Promise<void>;
}

interface Options {
  folder: string;
  /** This instance's namespace, and the one it had before its secret was rotated. */
  instances: readonly [current: string, ...previous: string[]];
  log: Logger;
}

export function openCopyFiles({ folder, instances, log }: Options): CopyFiles {
  const [instance] = instances;
  const stamp: Stamp = { format: FORMAT, instance };
  function readIfWhole<Copy>(name: string, checked: (copy: Copy) => Copy): Copy | undefined {
    try {
      const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as Copy & Stamp;
      if (file.format !== FORMAT) throw new Error(`it has format ${file.format}`);
      if (!instances.includes(file.instance)) throw new Error("it is of another instance");
      return checked(file);
    } catch (error) {
      log.warn({ err: error, file: name }, "a part of the copy in the data folder cannot be used");
      return undefined;
    }
  }
  return {
    environments: () =>
      filesOf(folder).flatMap((name) => (name === ACCESS_FILE ? [] : (readIfWhole(name, withPlace) ?? []))),
    access: () => (existsSync(join(folder, ACCESS_FILE)) ? readIfWhole(ACCESS_FILE, withDates) : undefined),
    writeAccess: (copy) => replaceFile(join(folder, ACCESS_FILE), [JSON.stringify({ ...stamp, ...copy })]),
    writeEnvironment: (copy) =>
      replaceFile(join(folder, `${copy.environment.id}.json`), inPieces({ ...stamp, ...copy })),
  };
}

/** Readers find the old file or the new one, never half of one. */
async function replaceFile(path: string, pieces: Iterable<string>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, pieces, { mode: 0o600, flush: true });
  await rename(part, path);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/** Throws unless it says how far the environment had got, and what was killed and lifted there. */
function withPlace(copy: EnvironmentCopy): EnvironmentCopy {
  const { epoch, revision } = copy.environment;
  if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(revision)) throw new Error("it is damaged");
  const kills = emptyKillSet();
  mergeKills(kills, copy.environment);
  elementsOf(kills);
  return copy;
}

function withDates(copy: AccessCopy): AccessCopy {
  const date = (value: Date | null) => (value === null ? null : new Date(value));
  const keys = copy.keys.map((key) => ({
    ...key,
    createdAt: new Date(key.createdAt),
    expiresAt: date(key.expiresAt),
    lastUsedAt: date(key.lastUsedAt),
    revokedAt: date(key.revokedAt),
  }));
  return { ...copy, keys };
}
