import type { UsageBatch } from "@lanyard/contract";
import type { Database } from "../../database/database.ts";
import { usageBatches } from "../../database/schema/index.ts";
import type { SdkActor } from "../sdk-actor.ts";
import { mergeMetrics } from "./merge-metrics.ts";
import { mergeUsage } from "./merge-usage.ts";

/** Adds a batch's sums once, however often it is sent: its id commits with them. */
export async function mergeBatch(
  database: Database,
  { environmentId, audience }: Pick<SdkActor, "environmentId" | "audience">,
  { batchId, usage, metrics = [] }: UsageBatch,
): Promise<void> {
  await database.unrecorded(async (tx) => {
    const fresh = await tx
      .insert(usageBatches)
      .values({ id: `${environmentId}:${batchId}`, environmentId })
      .onConflictDoNothing()
      .returning({ id: usageBatches.id });
    if (fresh.length === 0) return;
    await mergeUsage(tx, environmentId, usage);
    await mergeMetrics(tx, environmentId, audience, metrics);
  });
}
