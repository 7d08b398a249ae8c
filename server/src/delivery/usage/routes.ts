import type { Database } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { Fanout } from "../../fanout/index.ts";
import type { createRouter } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import type { Audience } from "../ruleset/index.ts";
import { sdkActor } from "../sdk-actor.ts";
import { isCountable } from "./countable.ts";
import { mergeBatch } from "./merge-batch.ts";

/**
 * Of the connections to the database: usage must never stand in a kill's way. Apart, so that nobody with a page's public
 * key can keep servers from counting.
 */
const MERGES_AT_ONCE: Record<Audience, number> = { server: 3, client: 2 };

interface UsageServices {
  database: Database;
  fanout: Fanout;
  environments: Environments;
}

export function addUsageRoutes(
  routes: ReturnType<typeof createRouter>,
  { database, fanout, environments }: UsageServices,
): void {
  const merging: Record<Audience, number> = { server: 0, client: 0 };
  routes.on("POST /sdk/v1/events", async (call) => {
    const actor = sdkActor(call);
    const { audience, environmentId } = actor;
    const state = environments.get(environmentId) ?? (await environments.require(environmentId));
    if (!fanout.databaseUp || merging[audience] >= MERGES_AT_ONCE[audience])
      throw new AppError("unavailable", "Usage is not taken right now; keep it and send it again.", {
        retryAfterSeconds: 5 + Math.floor(Math.random() * 10),
      });
    merging[audience] += 1;
    try {
      await mergeBatch(database, actor, {
        ...call.body,
        usage: call.body.usage.filter((row) => isCountable(state, audience, row)),
      });
    } finally {
      merging[audience] -= 1;
    }
    return undefined;
  });
}
