import { bigint, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { environments, projects } from "./projects.ts";

/** The record: one row a committed edit, hash-chained per project; triggers refuse UPDATE and DELETE. */
export const changes = pgTable(
  "changes",
  {
    id: text().primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    sequence: bigint({ mode: "number" }).notNull(),
    at: moment("at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    action: text().notNull(),
    subjectKind: text("subject_kind").notNull(),
    subjectKey: text("subject_key").notNull(),
    subjectRevision: bigint("subject_revision", { mode: "number" }),
    environmentId: text("environment_id").references(() => environments.id),
    /** Revision made in each environment that the change published to, by environment id. */
    revisions: jsonb().$type<Record<string, number>>().notNull(),
    message: text().notNull(),
    before: jsonb().$type<unknown>(),
    after: jsonb().$type<unknown>(),
    previousHash: text("previous_hash").notNull(),
    hash: text().notNull(),
  },
  (table) => [
    unique("changes_project_sequence").on(table.projectId, table.sequence),
    index("changes_subject").on(table.projectId, table.subjectKind, table.subjectKey, table.sequence),
  ],
);
