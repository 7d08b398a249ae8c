import type { Logger } from "pino";

/** Readings from the database that make good what was missed: one at a time for each environment. */
export interface Repairs {
  /** Joins the repair under way, if any; the next look at the counters finds what is missing after it. */
  run(environmentId: string, work: () => Promise<void>): Promise<void>;
  soon(environmentId: string, work: () => Promise<void>): void;
  settled(environmentId: string): Promise<void>;
  allSettled(): Promise<void>;
}

export function createRepairs(log: Logger): Repairs {
  const running = new Map<string, Promise<void>>();
  const run = (id: string, work: () => Promise<void>) => {
    const joined = running.get(id) ?? work().finally(() => running.delete(id));
    running.set(id, joined);
    return joined;
  };
  return {
    run,
    soon(id, work) {
      run(id, work).catch((error: unknown) =>
        log.debug(
          { err: error, environmentId: id },
          "the database did not answer a repair; it is tried again",
        ),
      );
    },
    settled: (id) => running.get(id) ?? Promise.resolve(),
    async allSettled() {
      await Promise.all(running.values());
    },
  };
}
