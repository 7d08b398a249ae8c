import { boolean, index, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { projects } from "./projects.ts";

export const accounts = pgTable("accounts", {
  id: text().primaryKey(),
  /** Lower case. */
  email: text().notNull().unique(),
  name: text().notNull(),
  /** argon2id, PHC string. */
  passwordHash: text("password_hash").notNull(),
  instanceAdmin: boolean("instance_admin").notNull().default(false),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const sessions = pgTable(
  "sessions",
  {
    /** SHA-256 of the cookie's token. */
    tokenHash: text("token_hash").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [index("sessions_account").on(table.accountId), index("sessions_expires").on(table.expiresAt)],
);

export const memberships = pgTable(
  "memberships",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    role: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.accountId] }),
    index("memberships_account").on(table.accountId),
  ],
);

export const invitations = pgTable(
  "invitations",
  {
    id: text().primaryKey(),
    /** SHA-256 of the link's token. */
    tokenHash: text("token_hash").notNull().unique(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    email: text().notNull(),
    role: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    acceptedAt: moment("accepted_at"),
  },
  (table) => [index("invitations_project").on(table.projectId)],
);

/** How a client key verifies what is signed about its users. */
export type StoredVerification =
  | { algorithm: "HS256"; audience: string; sealedSecret: string }
  | { algorithm: "EdDSA"; audience: string; publicKey: string };

/** SDK keys and tokens: what is only compared is hashed; a client key is public and stays readable. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text().primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    kind: text({ enum: ["server", "client", "management", "kill"] }).notNull(),
    name: text().notNull(),
    /** Server and client keys: exactly one. Tokens: none means all of the project. */
    environmentIds: text("environment_ids").array().notNull(),
    /** The readable beginning of the key. */
    hint: text().notNull(),
    /** SHA-256 of the key; the key has 256 random bits, so no stretching is needed. */
    secretHash: text("secret_hash").notNull(),
    publicValue: text("public_value"),
    role: text(),
    origins: text().array(),
    /** Of a client key that believes signed contexts; a secret is sealed under the instance's. */
    verification: jsonb().$type<StoredVerification>(),
    /** Of a kill token: whether a resolved alert lifts the kill of its own episode. */
    liftsOnResolve: boolean("lifts_on_resolve").notNull().default(false),
    /** The name, as people are to read it; the record has the id. */
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at"),
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
  },
  (table) => [unique("api_keys_secret").on(table.secretHash), index("api_keys_project").on(table.projectId)],
);

/** One row, key `instance`: the setup token's hash until the first account exists. */
export const instance = pgTable("instance", {
  id: text().primaryKey(),
  setupTokenHash: text("setup_token_hash"),
});

/** The registry of context attributes; private unless said. */
export const attributes = pgTable(
  "attributes",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    name: text().notNull(),
    type: text().notNull(),
    visibility: text({ enum: ["private", "public"] })
      .notNull()
      .default("private"),
    description: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.name] })],
);
