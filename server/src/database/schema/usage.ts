import { bigint, doublePrecision, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** Evaluations per flag, variation and reason, summed by minute. `variation` is '' for the caller's default. */
export const usageMinutes = pgTable(
  "usage_minutes",
  {
    environmentId: text("environment_id").notNull(),
    flagKey: text("flag_key").notNull(),
    minute: moment("minute").notNull(),
    variation: text().notNull(),
    reason: text().notNull(),
    count: bigint({ mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.environmentId, table.flagKey, table.minute, table.variation, table.reason],
    }),
    index("usage_minutes_minute").on(table.minute),
  ],
);

/** What applications tracked, by minute: how often, and the sum of the values they gave. */
export const metricMinutes = pgTable(
  "metric_minutes",
  {
    environmentId: text("environment_id").notNull(),
    metric: text().notNull(),
    minute: moment("minute").notNull(),
    count: bigint({ mode: "number" }).notNull(),
    sum: doublePrecision().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.metric, table.minute] }),
    index("metric_minutes_minute").on(table.minute),
  ],
);

/** Batches already merged, so that a retry counts once; forgotten after a day. */
export const usageBatches = pgTable(
  "usage_batches",
  {
    id: text().primaryKey(),
    environmentId: text("environment_id").notNull(),
    receivedAt: moment("received_at").notNull().defaultNow(),
  },
  (table) => [index("usage_batches_received").on(table.receivedAt)],
);
