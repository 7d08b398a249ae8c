import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { metricMinutes, usageBatches, usageMinutes } from "../../database/schema/index.ts";

/** Minutes are kept for two days; a batch is not sent again after one. */
export async function forgetOldUsage(database: Database): Promise<void> {
  await database.unrecorded(async (tx) => {
    await tx.delete(usageMinutes).where(sql`${usageMinutes.minute} < now() - interval '48 hours'`);
    await tx.delete(metricMinutes).where(sql`${metricMinutes.minute} < now() - interval '48 hours'`);
    await tx.delete(usageBatches).where(sql`${usageBatches.receivedAt} < now() - interval '24 hours'`);
  });
}
