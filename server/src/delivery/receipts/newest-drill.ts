import type { Drill, KillReceipts } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { drills } from "../../database/schema/index.ts";

/** A kill is promised in milliseconds; half of the instances need no longer than the slowest way between nodes. */
const LATE_MS = 1_500;

/** Null when there was none. */
export async function newestDrill(database: Database, environmentId: string): Promise<Drill | null> {
  const [row] = await database.read.select().from(drills).where(eq(drills.environmentId, environmentId));
  return row?.at && row.receipts ? presentDrill(row.at, row.receipts) : null;
}

/** Of all environments that were ever drilled, by id. */
export async function newestDrills(database: Database): Promise<Map<string, Drill>> {
  const rows = await database.read.select().from(drills);
  return new Map(
    rows.flatMap(({ environmentId, at, receipts }) =>
      at && receipts ? [[environmentId, presentDrill(at, receipts)]] : [],
    ),
  );
}

export function presentDrill(at: Date, receipts: KillReceipts): Drill {
  return { at: at.toISOString(), outcome: outcomeOf(receipts), receipts };
}

/** In a sample nobody can be missed, but all of it. */
function outcomeOf({ seen, confirmed, sampled, p99Ms }: KillReceipts): Drill["outcome"] {
  if (seen === 0) return "nobody";
  if (sampled ? confirmed === 0 : confirmed < seen) return "missing";
  return (p99Ms ?? 0) > LATE_MS ? "late" : "confirmed";
}
