import type { Drill } from "@lanyard/contract";
import { DRILL_FLAG } from "@lanyard/evaluation";
import type { Database } from "../../database/database.ts";
import { drills } from "../../database/schema/index.ts";
import type { Fanout } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { drillsRun } from "./metrics.ts";
import { presentDrill } from "./newest-drill.ts";
import type { Receipts } from "./receipts.ts";

/** Beyond the pace of confirming: the slowest way between nodes, and back. */
const GRACE_MS = 5_000;

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
  drillsRun.inc({ environment: environment.id, outcome: drill.outcome });
  await database.unrecorded((tx) =>
    tx
      .insert(drills)
      .values({ environmentId: environment.id, turn: at, at, receipts: found })
      .onConflictDoUpdate({ target: drills.environmentId, set: { at, receipts: found } }),
  );
  return drill;
}
