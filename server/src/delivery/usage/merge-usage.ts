import type { UsageBatch } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import type { UnrecordedWriter } from "../../database/database.ts";
import { usageMinutes } from "../../database/schema/index.ts";

type Row = UsageBatch["usage"][number];

/** Adds up evaluations in the minute in which they arrive. */
export async function mergeUsage(tx: UnrecordedWriter, environmentId: string, rows: Row[]): Promise<void> {
  const sums = sumUp(rows);
  if (sums.length === 0) return;
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
