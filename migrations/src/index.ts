import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzleNode } from "drizzle-orm/node-postgres";
import { migrate as migrateNode } from "drizzle-orm/node-postgres/migrator";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import pg from "pg";

/** Any number, as long as it is always the same one: three nodes may start at once on an empty database. */
const ADVISORY_LOCK = 4_242_001;

/** A start waits for nothing else of a database that hangs. */
const CONNECT_TIMEOUT_MS = 3_000;

/** The SQL lies beside the sources in a checkout, and beside the bundle in a build. */
function sqlFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, "../sql"), join(here, "sql")].find((path) => existsSync(path));
  if (!folder) throw new Error(`no migrations found beside ${here}: run the build again`);
  return folder;
}

/** Brings PostgreSQL at `url` to the newest schema, one process at a time. Throws when it cannot be reached. */
export async function migratePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // Heard, so that a connection that breaks fails the migration and not the process.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    await migrateNode(drizzleNode(client), { migrationsFolder: sqlFolder() });
  } finally {
    await client.end();
  }
}

/** Brings an embedded database to the newest schema; its folder's lock keeps other processes out. */
export async function migrateEmbedded(client: PGlite): Promise<void> {
  await migratePglite(drizzlePglite(client), { migrationsFolder: sqlFolder() });
}
