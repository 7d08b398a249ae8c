import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { drills } from "../../database/schema/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import { type DrillServices, runDrill } from "./run-drill.ts";

const LOOK_EVERY_MS = 5_000;
/** By then every instance has said a word to a node that has just started. */
const WARM_UP_MS = 35_000;

interface Options extends DrillServices {
  environments: Environments;
  /** 0 never drills. */
  everyMs: number;
  log: Logger;
}

/** Tries the kill lane of every environment that has instances, one node a turn. */
export function scheduleDrills(options: Options): { close(): void } {
  const { database, environments, receipts, everyMs, log } = options;
  if (everyMs === 0) return { close: () => {} };
  const startedAt = performance.now();
  const turns = new Map<string, number>();
  const running = new Set<string>();

  async function drill(environment: EnvironmentState, turn: number) {
    if (!(await claim(database, environment.id, new Date(turn)))) return;
    const { outcome, receipts: found } = await runDrill(options, environment);
    if (outcome === "confirmed") return;
    const { seen, confirmed, p99Ms, stragglers } = found;
    log.warn(
      { project: environment.projectKey, environment: environment.key, seen, confirmed, p99Ms, stragglers },
      `a drill of the kill lane was ${outcome}`,
    );
  }

  function look() {
    if (!options.fanout.databaseUp || performance.now() - startedAt < Math.min(WARM_UP_MS, everyMs)) return;
    for (const environment of environments.all()) {
      const { id } = environment;
      const turn = turnOf(id, everyMs, Date.now());
      if (turns.get(id) === turn || running.has(id) || !receipts.hasInstances(id)) continue;
      turns.set(id, turn);
      running.add(id);
      drill(environment, turn)
        .catch((error: unknown) => log.warn({ err: error }, "a drill could not be run"))
        .finally(() => running.delete(id));
    }
  }

  const timer = setInterval(look, Math.min(LOOK_EVERY_MS, everyMs / 2)).unref();
  return { close: () => clearInterval(timer) };
}

/** When the turn began that `now` is in; environments take theirs at different moments, the same on every node. */
export function turnOf(environmentId: string, everyMs: number, now: number): number {
  const offset = createHash("sha256").update(environmentId).digest().readUInt32BE() % everyMs;
  return Math.floor((now - offset) / everyMs) * everyMs + offset;
}

/** Whether this node is the one that runs it. */
async function claim(database: Database, environmentId: string, turn: Date): Promise<boolean> {
  const claimed = await database.unrecorded((tx) =>
    tx
      .insert(drills)
      .values({ environmentId, turn })
      .onConflictDoUpdate({
        target: drills.environmentId,
        set: { turn },
        setWhere: sql`${drills.turn} < ${turn.toISOString()}::timestamptz`,
      })
      .returning({ turn: drills.turn }),
  );
  return claimed.length > 0;
}
