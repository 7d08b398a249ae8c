import type { KillReceipts } from "@lanyard/contract";
import { jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** How far each kill was confirmed when its receipts closed; only ever replaced by a fuller count. */
export const killReceipts = pgTable("kill_receipts", {
  killId: text("kill_id").primaryKey(),
  receipts: jsonb().$type<KillReceipts>().notNull(),
});

/** The newest drill of each environment: `turn` is claimed by the node that runs it, and the rest is what came of it. */
export const drills = pgTable("drills", {
  environmentId: text("environment_id").primaryKey(),
  turn: moment("turn").notNull(),
  at: moment("at"),
  receipts: jsonb().$type<KillReceipts>(),
});
