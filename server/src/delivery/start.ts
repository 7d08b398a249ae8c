import type { Logger } from "pino";
import type { Guard } from "../access/index.ts";
import type { Fanout } from "../fanout/index.ts";
import type { Environments } from "./environments/index.ts";

const RETRY_MS = 500;

interface Options {
  fanout: Fanout;
  guard: Guard;
  environments: Environments;
  log: Logger;
}

/** Fills the memory that serving needs. A database that is away is asked again until it answers. */
export async function fillMemory({ fanout, guard, environments, log }: Options) {
  let filled = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  async function fill() {
    try {
      await guard.keys.reload();
      await fanout.look();
      await environments.allSettled();
      filled = true;
    } catch (error) {
      if (!retry) log.warn({ err: error }, "not ready: the database does not answer");
      if (!closed) retry = setTimeout(() => void fill(), RETRY_MS);
    }
  }
  await fill();
  return {
    isFilled: () => filled,
    close() {
      closed = true;
      clearTimeout(retry);
    },
  };
}
