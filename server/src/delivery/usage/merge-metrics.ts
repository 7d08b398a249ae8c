import type { UsageBatch } from "@lanyard/contract";
import { eq, sql } from "drizzle-orm";
import type { UnrecordedWriter } from "../../database/database.ts";
import { metricMinutes } from "../../database/schema/index.ts";

type Row = NonNullable<UsageBatch["metrics"]>[number];

/** Names an environment may have: a public key must not be able to fill the table with more. */
export const MAX_METRICS = 1_000;

/** A minute of a thousand batches stays far from what a double can hold. */
const MAX_SUM = 1e15;

/** Adds up what was tracked; a name beyond the limit is left out until older ones are forgotten. */
export async function mergeMetrics(tx: UnrecordedWriter, environmentId: string, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const known = await tx
    .selectDistinct({ metric: metricMinutes.metric })
    .from(metricMinutes)
    .where(eq(metricMinutes.environmentId, environmentId));
  const sums = sumUp(rows, new Set(known.map(({ metric }) => metric)));
  if (sums.length === 0) return;
  await tx
    .insert(metricMinutes)
    .values(sums.map((row) => ({ ...row, environmentId, minute: sql`date_trunc('minute', now())` })))
    .onConflictDoUpdate({
      target: [metricMinutes.environmentId, metricMinutes.metric, metricMinutes.minute],
      set: {
        count: sql`${metricMinutes.count} + excluded.count`,
        sum: sql`${metricMinutes.sum} + excluded.sum`,
      },
    });
}

/** One row a metric, in one order everywhere: rows are locked in it, so that two batches never deadlock. */
function sumUp(rows: Row[], known: Set<string>): Row[] {
  const sums = new Map<string, Row>();
  for (const { metric, count, sum } of rows) {
    if (!known.has(metric) && known.size >= MAX_METRICS) continue;
    known.add(metric);
    const so = sums.get(metric) ?? { metric, count: 0, sum: 0 };
    const bounded = Math.min(MAX_SUM, Math.max(-MAX_SUM, sum));
    sums.set(metric, { metric, count: so.count + count, sum: so.sum + bounded });
  }
  return [...sums.values()].sort((one, other) => (one.metric < other.metric ? -1 : 1));
}
