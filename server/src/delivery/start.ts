import type { Logger } from "pino";
import type { Guard } from "../access/index.ts";
import { DatabaseAway } from "../database/away.ts";
import type { Fanout } from "../fanout/index.ts";
import type { Environments, ProjectIndex } from "./environments/index.ts";
import { within } from "./kill-lane/index.ts";
import type { MemoryCopy } from "./memory-copy.ts";

const ATTEMPT_MS = 3_000;
const RETRY_MS = 500;

interface Options {
  /** Whether the database has answered; otherwise the copy is taken at once. */
  databaseReached: boolean;
  fanout: Fanout;
  guard: Guard;
  environments: Environments;
  projectIndex: ProjectIndex;
  copy: MemoryCopy;
  log: Logger;
}

/**
 * Fills the memory that serving and killing need: from the database, held against the copy in the data folder, or from that
 * alone while the database is away. A database that does not answer is asked again until it does.
 */
export async function fillMemory(options: Options) {
  const { databaseReached, fanout, guard, environments, projectIndex, copy, log } = options;
  let filled = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  copy.recall();
  async function read() {
    await fanout.look();
    await guard.keys.reload();
    await Promise.all([environments.allSettled(), projectIndex.allSettled()]);
  }
  async function fill(attempt: number) {
    try {
      if (attempt === 0 && !databaseReached) throw new DatabaseAway();
      await within(ATTEMPT_MS, read());
      filled = true;
    } catch (error) {
      if (attempt === 0) {
        filled = copy.serve();
        const what = filled ? "serving from the copy in the data folder" : "not ready, and there is no copy";
        log.warn({ err: error }, `the database does not answer: ${what}`);
      }
      if (!closed) retry = setTimeout(() => void fill(attempt + 1), RETRY_MS);
    }
  }
  await fill(0);
  return {
    isFilled: () => filled,
    close() {
      closed = true;
      clearTimeout(retry);
    },
  };
}
