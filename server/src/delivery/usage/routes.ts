import type { Database } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { Fanout } from "../../fanout/index.ts";
import type { createRouter } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { sdkActor } from "../sdk-actor.ts";
import { isCountable } from "./countable.ts";
import { mergeBatch } from "./merge-batch.ts";

/** Of the connections to the database; usage must never stand in a kill's way. */
const MERGES_AT_ONCE = 3;

interface UsageServices {
  database: Database;
  fanout: Fanout;
  environments: Environments;
}

export function addUsageRoutes(
  routes: ReturnType<typeof createRouter>,
  { database, fanout, environments }: UsageServices,
): void {
  let merging = 0;
  routes.on("POST /sdk/v1/events", async (call) => {
    const actor = sdkActor(call);
    const state = environments.get(actor.environmentId) ?? (await environments.require(actor.environmentId));
    if (!fanout.databaseUp || merging >= MERGES_AT_ONCE)
      throw new AppError("unavailable", "Usage is not taken right now; keep it and send it again.", {
        retryAfterSeconds: 5 + Math.floor(Math.random() * 10),
      });
    merging += 1;
    try {
      await mergeBatch(database, actor.environmentId, {
        ...call.body,
        usage: call.body.usage.filter((row) => isCountable(state, actor.audience, row)),
      });
    } finally {
      merging -= 1;
    }
    return undefined;
  });
}
