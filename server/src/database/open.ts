import { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzleNode } from "drizzle-orm/node-postgres";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import pg from "pg";
import type { AnyDatabase, Database } from "./database.ts";
import * as schema from "./schema/index.ts";
import { transact } from "./transact.ts";
import { createWaiting } from "./waiting.ts";

const CONNECT_TIMEOUT_MS = 3_000;
/** A statement that takes longer holds locks that others wait for; no page or save needs as long. */
const STATEMENT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 3_000;
/** A client that vanished mid-transaction must not hold the environment's lock. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const RELISTEN_MS = 500;

/** PostgreSQL at `url`. Connecting is lazy: a database that is away fails queries, not this call. */
export function openPostgres(url: string, maxConnections = 10): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // An idle connection that breaks is replaced by the next query; unheard, the event would end the process.
  pool.on("error", () => {});
  // The pool listens to idle connections only: one that breaks between two statements of a transaction is heard here,
  // and fails the next statement.
  pool.on("connect", (client) => client.on("error", () => {}));
  const waiting = createWaiting();
  const query = (statement: pg.QueryConfig, values: unknown[]) =>
    waiting.during(() => pool.query(statement, values));
  const transaction: Database["transaction"] = (work) =>
    waiting.during((mustEnd) => transact(pool, work, mustEnd));
  return {
    kind: "postgres",
    read: drizzleNode({ query } as unknown as pg.Pool, { schema }) as unknown as AnyDatabase,
    raw: drizzleNode(pool, { schema }) as unknown as AnyDatabase,
    unrecorded: transaction,
    transaction,
    found: waiting.found,
    listen: (channel, heard) => listenPostgres(url, channel, heard),
    close: () => pool.end(),
  };
}

/** LISTEN on a connection of its own, made again whenever it is lost. */
async function listenPostgres(url: string, channel: string, heard: (payload: string) => void) {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const again = () => {
    client?.removeAllListeners();
    client?.on("error", () => {});
    if (closed || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, RELISTEN_MS);
  };
  const connect = async () => {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    client.on("error", again);
    client.on("end", again);
    client.on("notification", (message) => heard(message.payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch {
      again();
    }
  };
  await connect();
  return async () => {
    closed = true;
    clearTimeout(retry);
    client?.removeAllListeners();
    client?.on("error", () => {});
    await client?.end().catch(() => {});
  };
}

/** PGlite in `folder`, brought up to date by `migrate`: one process only, held by the caller's lock. */
export async function openPglite(
  folder: string,
  migrate: (client: PGlite) => Promise<void>,
): Promise<Database> {
  const client = await PGlite.create(folder);
  await migrate(client);
  const raw = drizzlePglite(client, { schema }) as unknown as AnyDatabase;
  const transaction: Database["transaction"] = (work) => raw.transaction((tx) => work(tx));
  return {
    kind: "pglite",
    read: raw,
    raw,
    unrecorded: transaction,
    transaction,
    // In this process it can be busy, never away.
    found: () => {},
    listen: (channel, heard) => client.listen(channel, heard),
    close: () => client.close(),
  };
}
