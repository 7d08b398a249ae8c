import { bigint, boolean, index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { environments, projects } from "./projects.ts";

/** What is the same in every environment and no SDK sees, beside the immutable key, type and seed. */
export const flags = pgTable(
  "flags",
  {
    id: text().primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    type: text().notNull(),
    /** The salt of its splits; fixed, so that nothing ever reshuffles anyone. */
    seed: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    purpose: text().notNull(),
    owner: text().notNull(),
    tags: text().array().notNull(),
    /** Grows with every edit of the flag as a whole. */
    version: integer().notNull().default(1),
    archivedAt: moment("archived_at"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("flags_project_key").on(table.projectId, table.key),
    index("flags_tags").using("gin", table.tags),
  ],
);

/** One immutable snapshot of a flag in an environment: canonical JSON of the model's `Flag`. */
export const flagRevisions = pgTable(
  "flag_revisions",
  {
    flagId: text("flag_id")
      .notNull()
      .references(() => flags.id, { onDelete: "cascade" }),
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id),
    number: integer().notNull(),
    content: text().notNull(),
    hash: text().notNull(),
    changeId: text("change_id").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.flagId, table.environmentId, table.number] })],
);

/** Which revision is live: moved by compare-and-set. What is searched by is copied here, so that no search reads contents. */
export const flagHeads = pgTable(
  "flag_heads",
  {
    flagId: text("flag_id")
      .notNull()
      .references(() => flags.id, { onDelete: "cascade" }),
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id),
    number: integer().notNull(),
    turnedOn: boolean("turned_on").notNull().default(false),
    audience: text().notNull().default("server"),
    /** Keys of the flags and segments that it refers to itself. */
    neededFlags: text("needed_flags").array().notNull().default([]),
    usedSegments: text("used_segments").array().notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.flagId, table.environmentId] }),
    index("flag_heads_environment").on(table.environmentId),
    index("flag_heads_needed_flags").using("gin", table.neededFlags),
    index("flag_heads_used_segments").using("gin", table.usedSegments),
  ],
);

/** A named, reusable condition; the same in all environments of its project. */
export const segments = pgTable(
  "segments",
  {
    id: text().primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    /** The live revision. */
    number: integer().notNull(),
    /** Grows with every edit, of its name too. */
    version: integer().notNull().default(1),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [unique("segments_project_key").on(table.projectId, table.key)],
);

export const segmentRevisions = pgTable(
  "segment_revisions",
  {
    segmentId: text("segment_id")
      .notNull()
      .references(() => segments.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    content: text().notNull(),
    hash: text().notNull(),
    changeId: text("change_id").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.segmentId, table.number] })],
);

/**
 * What content of a key became live at which revision; append-only. A patch from a to b is the latest
 * publication of every key published in (a, b]. `content` null is a tombstone. The content is a copy, not a
 * reference, so that what was live can be read again after its flag is deleted.
 */
export const publications = pgTable(
  "publications",
  {
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id),
    epoch: integer().notNull(),
    revision: bigint({ mode: "number" }).notNull(),
    kind: text({ enum: ["flag", "segment", "attribute"] }).notNull(),
    key: text().notNull(),
    content: text(),
    changeId: text("change_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.epoch, table.revision, table.kind, table.key] }),
    index("publications_latest").on(table.environmentId, table.kind, table.key, table.epoch, table.revision),
  ],
);
