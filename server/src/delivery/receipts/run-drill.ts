import type { Drill, KillReceipts } from "@lanyard/contract";
import { DRILL_FLAG } from "@lanyard/evaluation";
import { eq } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { drills } from "../../database/schema/index.ts";
import type { Fanout } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { drillMissing, drillSlowest, drillsRun } from "./metrics.ts";
import type { Receipts } from "./receipts.ts";

/** Beyond the pace of confirming: the slowest way between nodes, and back. */
const GRACE_MS = 5_000;
/** A kill is promised in milliseconds; half of the instances need no longer than the slowest way between nodes. */
const LATE_MS = 1_500;

export interface DrillServices {
  database: Database;
  fanout: Fanout;
  receipts: Receipts;
}

/** Kills the drill's flag in an environment and waits for the receipts, as a kill call does. */
export async function runDrill(
  { database, fanout, receipts }: DrillServices,
  environment: EnvironmentState,
): Promise<Drill> {
  const id = newId("drill");
  const at = new Date();
  fanout.announce({
    type: "drill",
    environmentId: environment.id,
    element: { id, flag: DRILL_FLAG, at: at.toISOString() },
  });
  const found = await receipts.awaited(id, environment, GRACE_MS);
  const drill = presentDrill(at, found);
  tellMetrics(environment, drill);
  await database.unrecorded((tx) =>
    tx
      .insert(drills)
      .values({ environmentId: environment.id, turn: at, at, receipts: found })
      .onConflictDoUpdate({ target: drills.environmentId, set: { at, receipts: found } }),
  );
  return drill;
}

/** The newest one; null when there was none. */
export async function lastDrill(database: Database, environmentId: string): Promise<Drill | null> {
  const [row] = await database.read.select().from(drills).where(eq(drills.environmentId, environmentId));
  return row?.at && row.receipts ? presentDrill(row.at, row.receipts) : null;
}

function presentDrill(at: Date, receipts: KillReceipts): Drill {
  return { at: at.toISOString(), outcome: outcomeOf(receipts), receipts };
}

/** In a sample nobody can be missed, but all of it. */
function outcomeOf({ seen, confirmed, sampled, p99Ms }: KillReceipts): Drill["outcome"] {
  if (sampled ? confirmed === 0 : confirmed < seen) return "missing";
  return (p99Ms ?? 0) > LATE_MS ? "late" : "confirmed";
}

/** By ids: anybody may read metrics, and keys tell what a company builds. */
function tellMetrics({ id }: EnvironmentState, { outcome, receipts }: Drill): void {
  const labels = { environment: id };
  const { seen, confirmed, sampled, p99Ms } = receipts;
  drillsRun.inc({ ...labels, outcome });
  drillMissing.set(labels, sampled ? 0 : seen - confirmed);
  drillSlowest.set(labels, (p99Ms ?? 0) / 1_000);
}
