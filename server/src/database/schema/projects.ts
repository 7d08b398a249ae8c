import { sql } from "drizzle-orm";
import { bigint, boolean, check, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** A product or service that owns flags and segments; its row is the lock that puts its changes in order. */
export const projects = pgTable("projects", {
  id: text().primaryKey(),
  key: text().notNull().unique(),
  name: text().notNull(),
  /** Number of the newest change, counted from 1 without gaps. */
  changeSequence: bigint("change_sequence", { mode: "number" }).notNull().default(0),
  /** Hash of the newest change: the head of the chain. */
  changeHash: text("change_hash").notNull().default(""),
  createdAt: moment("created_at").notNull().defaultNow(),
});

/** Three counters tell every node what it has missed: revision, kills, access. */
export const environments = pgTable(
  "environments",
  {
    id: text().primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    name: text().notNull(),
    color: text().notNull(),
    protected: boolean().notNull().default(false),
    position: integer().notNull(),
    /** Lineage of `revision`. */
    epoch: integer().notNull().default(1),
    /** Grows by one with every change an SDK can see. */
    revision: bigint({ mode: "number" }).notNull().default(0),
    /** Grows with every kill and lift. */
    kills: bigint({ mode: "number" }).notNull().default(0),
    /** Grows when keys or members change. */
    access: bigint({ mode: "number" }).notNull().default(0),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("environments_project_key").on(table.projectId, table.key),
    check("environments_counters", sql`${table.revision} >= 0 and ${table.kills} >= 0`),
  ],
);
