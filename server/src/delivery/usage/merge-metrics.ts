import type { UsageBatch } from "@lanyard/contract";
import { type SQL, sql } from "drizzle-orm";
import type { UnrecordedWriter } from "../../database/database.ts";
import { metricMinutes } from "../../database/schema/index.ts";
import type { Audience } from "../ruleset/index.ts";

type Row = NonNullable<UsageBatch["metrics"]>[number];

/** Names that an environment may have for a key to add one: a public key can neither fill the table nor use up all names. */
export const MAX_METRICS: Record<Audience, number> = { server: 1_000, client: 500 };

/** A minute of a thousand batches stays far from what a double can hold. */
const MAX_SUM = 1e15;

/** Adds up what was tracked; a name beyond the limit is left out until older ones are forgotten. */
export async function mergeMetrics(
  tx: UnrecordedWriter,
  environmentId: string,
  audience: Audience,
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const sums = sumUp(rows, await knownMetrics(tx, environmentId), MAX_METRICS[audience]);
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

/** One look into the index a name, however many minutes each has. */
async function knownMetrics(tx: UnrecordedWriter, environmentId: string): Promise<Set<string>> {
  const next = (after: SQL) => sql`
    (select ${metricMinutes.metric} from ${metricMinutes}
     where ${metricMinutes.environmentId} = ${environmentId} ${after}
     order by ${metricMinutes.metric} limit 1)`;
  const { rows } = (await tx.execute(sql`
    with recursive names(name) as (
      select ${next(sql``)}
      union all
      select ${next(sql`and ${metricMinutes.metric} > names.name`)} from names where names.name is not null
    ) select name from names where name is not null`)) as unknown as { rows: { name: string }[] };
  return new Set(rows.map(({ name }) => name));
}

/** One row a metric, in one order everywhere: rows are locked in it, so that two batches never deadlock. */
function sumUp(rows: Row[], known: Set<string>, maxNames: number): Row[] {
  const sums = new Map<string, Row>();
  for (const { metric, count, sum } of rows) {
    if (!known.has(metric) && known.size >= maxNames) continue;
    known.add(metric);
    const so = sums.get(metric) ?? { metric, count: 0, sum: 0 };
    const bounded = Math.min(MAX_SUM, Math.max(-MAX_SUM, sum));
    sums.set(metric, { metric, count: so.count + count, sum: so.sum + bounded });
  }
  return [...sums.values()].sort((one, other) => (one.metric < other.metric ? -1 : 1));
}
