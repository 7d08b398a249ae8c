import { index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/**
 * Kills live outside revisions and outside the door: they are accepted without a database and drained here.
 * So nothing in these tables refers to another by foreign key: a lift may arrive before its kill.
 */
export const kills = pgTable(
  "kills",
  {
    id: text().primaryKey(),
    projectId: text("project_id").notNull(),
    reason: text().notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** What was asked for, flags, a tag, an owner or a time of change, and environments; kept for the record. */
    selector: jsonb().$type<Record<string, unknown>>().notNull(),
    at: moment("at").notNull(),
    expiresAt: moment("expires_at"),
  },
  (table) => [index("kills_project").on(table.projectId, table.at)],
);

/** What is merged between nodes and SDKs: a set that only grows. */
export const killElements = pgTable(
  "kill_elements",
  {
    killId: text("kill_id").notNull(),
    environmentId: text("environment_id").notNull(),
    flagKey: text("flag_key").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.killId, table.environmentId, table.flagKey] }),
    index("kill_elements_environment").on(table.environmentId),
  ],
);

/** The lifted elements: a set that only grows; active is the difference. */
export const liftElements = pgTable(
  "lift_elements",
  {
    killId: text("kill_id").notNull(),
    environmentId: text("environment_id").notNull(),
    flagKey: text("flag_key").notNull(),
    at: moment("at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    reason: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.killId, table.environmentId, table.flagKey] }),
    index("lift_elements_environment").on(table.environmentId),
  ],
);
