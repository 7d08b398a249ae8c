import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzleNode } from "drizzle-orm/node-postgres";
import { migrate as migrateNode } from "drizzle-orm/node-postgres/migrator";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import pg from "pg";

/** Any number, as long as it is always the same one: three nodes may start at once on an empty database. */
export const ADVISORY_LOCK = 4_242_001;

/** What a start waits for a database that hangs. */
const ANSWER_MS = 3_000;
const TURN_EVERY_MS = 200;

/** The SQL lies beside the sources in a checkout, and beside the bundle in a build. */
function sqlFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, "../sql"), join(here, "sql")].find((path) => existsSync(path));
  if (!folder) throw new Error(`no migrations found beside ${here}: run the build again`);
  return folder;
}

/** Brings PostgreSQL at `url` to the newest schema, one process at a time. Throws when it cannot be reached. */
export async function migratePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS });
  // Heard, so that a connection that breaks fails the migration and not the process.
  client.on("error", () => {});
  await client.connect();
  try {
    while (!(await isOurTurn(client))) await sleep(TURN_EVERY_MS);
    await migrateNode(drizzleNode(client), { migrationsFolder: sqlFolder() });
  } finally {
    await client.end();
  }
}

/** Asked again and again, since whoever waited for the lock itself could not tell a hang from another's long migration. */
async function isOurTurn(client: pg.Client): Promise<boolean> {
  const text = "SELECT pg_try_advisory_lock($1) AS ours";
  const asked = { text, values: [ADVISORY_LOCK], query_timeout: ANSWER_MS };
  const { rows } = await client.query<{ ours: boolean }>(asked);
  return rows[0]?.ours === true;
}

/** Brings an embedded database to the newest schema; its folder's lock keeps other processes out. */
export async function migrateEmbedded(client: PGlite): Promise<void> {
  await migratePglite(drizzlePglite(client), { migrationsFolder: sqlFolder() });
}
