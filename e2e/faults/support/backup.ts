import { query } from "../../support/database.ts";
import { type Cluster, DATABASE } from "./cluster.ts";

const BACKUP = "backup";

/** Keeps what the database holds now; for a moment nobody is let in. */
export async function backUp({ services }: Cluster): Promise<void> {
  await whileNobodyIsConnected(services.postgres.url, DATABASE, [
    `CREATE DATABASE ${BACKUP} TEMPLATE ${DATABASE}`,
  ]);
}

/** Puts the database back to what it held then, under running nodes. */
export async function restore({ services }: Cluster): Promise<void> {
  await whileNobodyIsConnected(services.postgres.url, DATABASE, [
    `DROP DATABASE ${DATABASE}`,
    `ALTER DATABASE ${BACKUP} RENAME TO ${DATABASE}`,
  ]);
}

async function whileNobodyIsConnected(url: string, database: string, statements: string[]): Promise<void> {
  await query(url, `ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
  await query(url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", [
    database,
  ]);
  for (const statement of statements) await query(url, statement);
  await query(url, `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
}
