import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { drills } from "../../database/schema/index.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { type DrillServices, runDrill } from "./run-drill.ts";

/** Whoever knows of instances goes before those that know of none: without Redis a node knows only its own. */
const AFTER_YOU_MS = 60_000;

export interface TurnOptions extends DrillServices {
  everyMs: number;
  log: Logger;
}

/** Drills environments whose turn it is, one node a turn. */
export function createTurns(options: TurnOptions) {
  const { database, receipts, everyMs, log } = options;
  const turns = new Map<string, number>();
  const running = new Set<string>();

  async function drill(environment: EnvironmentState, turn: number) {
    if (!(await claim(database, environment.id, new Date(turn)))) return;
    const { outcome, receipts: found } = await runDrill(options, environment);
    if (outcome === "confirmed") return;
    const { seen, confirmed, p99Ms, stragglers } = found;
    const { projectKey: project, key } = environment;
    log.warn(
      { project, environment: key, outcome, seen, confirmed, p99Ms, stragglers },
      "a drill of the kill lane was not confirmed by everybody in time",
    );
  }

  return {
    /** `wasDrilled`: it had instances once. */
    take(environment: EnvironmentState, wasDrilled: boolean): void {
      const { id } = environment;
      const turn = turnOf(id, everyMs, Date.now());
      if (turns.get(id) === turn || running.has(id)) return;
      const hasWaited = Date.now() - turn >= Math.min(AFTER_YOU_MS, everyMs / 2);
      if (!receipts.hasInstances(id) && !(wasDrilled && hasWaited)) return;
      turns.set(id, turn);
      running.add(id);
      drill(environment, turn)
        .catch((error: unknown) => log.warn({ err: error }, "a drill could not be run"))
        .finally(() => running.delete(id));
    },
  };
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
