import type { UsageBatch } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { usageBatches, usageMinutes } from "../../database/schema/index.ts";

type Row = UsageBatch["usage"][number];

/** Adds a batch's sums once, however often it is sent: its id commits with them. */
export async function mergeUsage(
  database: Database,
  environmentId: string,
  batchId: string,
  rows: Row[],
): Promise<void> {
  await database.unrecorded(async (tx) => {
    const fresh = await tx
      .insert(usageBatches)
      .values({ id: `${environmentId}:${batchId}`, environmentId })
      .onConflictDoNothing()
      .returning({ id: usageBatches.id });
    const sums = sumUp(rows);
    if (fresh.length === 0 || sums.length === 0) return;
    await tx
      .insert(usageMinutes)
      .values(
        sums.map(({ flag, variation, reason, count }) => ({
          environmentId,
          flagKey: flag,
          minute: sql`date_trunc('minute', now())`,
          variation: variation ?? "",
          reason,
          count,
        })),
      )
      .onConflictDoUpdate({
        target: [
          usageMinutes.environmentId,
          usageMinutes.flagKey,
          usageMinutes.minute,
          usageMinutes.variation,
          usageMinutes.reason,
        ],
        set: { count: sql`${usageMinutes.count} + excluded.count` },
      });
  });
}

/** One row a key, in one order everywhere: rows are locked in it, so that two batches never deadlock. */
export function sumUp(rows: Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.flag, row.variation ?? "", row.reason]);
    const count = (sums.get(key)?.count ?? 0) + row.count;
    sums.set(key, { ...row, count });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Minutes are kept for two days; a batch is not sent again after one. */
export async function forgetOldUsage(database: Database): Promise<void> {
  await database.unrecorded(async (tx) => {
    await tx.delete(usageMinutes).where(sql`${usageMinutes.minute} < now() - interval '48 hours'`);
    await tx.delete(usageBatches).where(sql`${usageBatches.receivedAt} < now() - interval '24 hours'`);
  });
}
