// Planted: each function below starts work that nobody waits for. scripts/verify/planted-promises.mjs sees each refused.
import type { EventEmitter } from "node:events";
import { eq } from "drizzle-orm";
import type pg from "pg";
import type { Database } from "../../../server/src/database/database.ts";
import { accounts } from "../../../server/src/database/schema/index.ts";

/** The deletion is built and never sent: drizzle's queries run only when awaited. */
export async function unawaitedDrizzleDelete(database: Database, id: string) {
  database.raw.delete(accounts).where(eq(accounts.id, id)); // no-floating-promises
}

export async function unawaitedDrizzleUpdate(database: Database, id: string) {
  await database.unrecorded(async (tx) => {
    tx.update(accounts).set({ id }).where(eq(accounts.id, id)); // no-floating-promises
  });
}

export async function unawaitedQuery(client: pg.Client) {
  client.query("SELECT 1"); // no-floating-promises
}

export function promiseAsListener(emitter: EventEmitter, work: () => Promise<void>) {
  [1, 2].forEach(async () => work()); // no-misused-promises
  emitter.on("end", async () => work()); // no-misused-promises
}
