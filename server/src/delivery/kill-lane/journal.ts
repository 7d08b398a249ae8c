import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Fact } from "../../fanout/index.ts";
import { nameOf } from "./facts.ts";

/**
 * Kills and lifts on this node's disk until the database has them, a file each. Written and synced synchronously: the thread
 * pool, where an asynchronous write would wait, may be busy hashing passwords for seconds.
 */
export interface Journal {
  write(fact: Fact): void;
  remove(fact: Fact): void;
  /** Not drained before the next start; it stays active. */
  setAside(fact: Fact): void;
  /** What earlier runs left, and what could not be read. */
  load(): { waiting: Fact[]; aside: Fact[]; damaged: string[] };
}

const WAITING = ".json";
const ASIDE = ".aside";

export function openJournal(dataDir: string): Journal {
  const folder = join(dataDir, "kills");
  const makeFolder = () => mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (fact: Fact) => join(folder, nameOf(fact));
  return {
    write(fact) {
      makeFolder();
      const path = pathOf(fact);
      const part = `${path}.${process.pid}.part`;
      const file = openSync(part, "w", 0o600);
      try {
        writeSync(file, JSON.stringify(fact));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(part, path + WAITING);
      syncFolder(folder);
    },
    remove(fact) {
      for (const ending of [WAITING, ASIDE]) rmSync(pathOf(fact) + ending, { force: true });
    },
    setAside: (fact) => {
      if (existsSync(pathOf(fact) + WAITING)) renameSync(pathOf(fact) + WAITING, pathOf(fact) + ASIDE);
    },
    load() {
      const found = { waiting: [] as Fact[], aside: [] as Fact[], damaged: [] as string[] };
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const list = name.endsWith(WAITING) ? found.waiting : name.endsWith(ASIDE) ? found.aside : undefined;
        if (!list) continue;
        try {
          list.push(JSON.parse(readFileSync(join(folder, name), "utf8")) as Fact);
        } catch {
          found.damaged.push(name);
        }
      }
      return found;
    },
  };
}

/** A renamed file is durable once its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
