import type { Environments } from "../environments/index.ts";
import { createTurns, type TurnOptions } from "./drill-turns.ts";
import { newestDrills } from "./newest-drill.ts";
import { showDrills } from "./show-drills.ts";

const LOOK_EVERY_MS = 5_000;
/** By then every instance has said a word to a node that has just started. */
const WARM_UP_MS = 35_000;

interface Options extends TurnOptions {
  environments: Environments;
  /** 0 drills on request only. */
  everyMs: number;
}

/**
 * Tries the kill lane of every environment that has instances or was drilled before: that nobody is left to hear is what
 * a drill has to find. What came of the newest ones is in the metrics of every node, whoever ran them.
 */
export function scheduleDrills(options: Options): { close(): void } {
  const { database, environments, fanout, everyMs, log } = options;
  const startedAt = performance.now();
  const turns = createTurns(options);
  let looking = false;

  async function look() {
    const newest = await newestDrills(database);
    showDrills(newest);
    if (everyMs === 0 || performance.now() - startedAt < Math.min(WARM_UP_MS, everyMs)) return;
    for (const environment of environments.all()) turns.take(environment, newest.has(environment.id));
  }

  function lookOnce() {
    if (looking || !fanout.databaseUp) return;
    looking = true;
    look()
      .catch((error: unknown) => log.debug({ err: error }, "the newest drills could not be read"))
      .finally(() => {
        looking = false;
      });
  }

  const timer = setInterval(lookOnce, Math.min(LOOK_EVERY_MS, everyMs / 2 || LOOK_EVERY_MS)).unref();
  return { close: () => clearInterval(timer) };
}
