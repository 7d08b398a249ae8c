import { z } from "zod";
import { route } from "../route.ts";
import { Ruleset } from "../ruleset.ts";
import { SdkReceipt } from "./receipts.ts";

export const UsageBatch = z
  .strictObject({
    batchId: z.string().min(8).max(64),
    usage: z
      .array(
        z.strictObject({
          flag: z.string().min(1).max(200),
          variation: z.string().max(100).nullable(),
          reason: z.string().min(1).max(40),
          count: z.number().int().min(1).max(1e12),
        }),
      )
      .max(1_000),
    /** What the application tracked: how often, and the sum of the values it gave. */
    metrics: z
      .array(
        z.strictObject({
          metric: z.string().min(1).max(200),
          count: z.number().int().min(1).max(1e12),
          sum: z.number(),
        }),
      )
      .max(1_000)
      .optional(),
  })
  .meta({ id: "UsageBatch" });
export type UsageBatch = z.infer<typeof UsageBatch>;

/** What SDKs call; docs/protocol.md says what travels. */
export const deliveryRoutes = {
  "GET /sdk/v1/ruleset": route({
    summary: "The full ruleset of the key's environment; strong ETag, 304",
    access: "sdk",
    query: z.object({ kills: z.string().max(8_000).optional() }),
    response: Ruleset,
  }),
  "GET /sdk/v1/stream": route({
    summary: "Server-Sent Events: put, patch, kill, lift, heartbeat, reload, goodbye",
    access: "sdk",
    query: z.object({
      epoch: z.coerce.number().int().min(0).optional(),
      revision: z.coerce.number().int().min(0).optional(),
      kills: z.string().max(8_000).optional(),
    }),
    raw: "text/event-stream",
  }),
  "POST /sdk/v1/events": route({
    summary: "Sums of evaluations; idempotent by batchId",
    access: "sdk",
    status: 202,
    body: UsageBatch,
  }),
  "POST /sdk/v1/receipts": route({
    summary: "Presence, and confirmations of kills; dropped first under load",
    access: "sdk",
    status: 202,
    body: SdkReceipt,
  }),
};
