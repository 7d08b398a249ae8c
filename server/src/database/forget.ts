import { sql } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { invitations, metricMinutes, sessions, usageBatches, usageMinutes } from "./schema/index.ts";

const EVERY_MS = 10 * 60_000;
/** Rows that one statement deletes: well within its timeout, however much has gathered. */
export const FORGOTTEN_AT_ONCE = 5_000;

interface Kept {
  table: PgTable;
  since: AnyPgColumn;
  hours: number;
}

/** What is of no use some hours after a moment of its own. */
const KEPT: Kept[] = [
  { table: usageMinutes, since: usageMinutes.minute, hours: 48 },
  { table: metricMinutes, since: metricMinutes.minute, hours: 48 },
  // A batch is not sent again after a day.
  { table: usageBatches, since: usageBatches.receivedAt, hours: 24 },
  { table: sessions, since: sessions.expiresAt, hours: 0 },
  // Who was invited stays on the record.
  { table: invitations, since: invitations.expiresAt, hours: 0 },
];

/** Deletes what is over, from time to time and beside everything else. */
export interface Forgetting {
  /** Does it now. A table that fails is logged, and tried again the next time. Never rejects. */
  run(): Promise<void>;
  close(): Promise<void>;
}

export function startForgetting(database: Database, log: Logger): Forgetting {
  let closed = false;
  let running: Promise<void> | undefined;
  const forgetAll = async () => {
    for (const kept of KEPT)
      try {
        while (!closed && (await forgetSome(database, kept)) === FORGOTTEN_AT_ONCE);
      } catch (error) {
        log.warn({ err: error }, "old rows could not be deleted; they gather until it works again");
      }
  };
  const run = () => {
    running ??= forgetAll().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => void run(), EVERY_MS);
  return {
    run,
    async close() {
      clearInterval(timer);
      closed = true;
      await running;
    },
  };
}

/** In a transaction of its own; what another node is deleting is left to it. Resolves to how many are gone. */
async function forgetSome(database: Database, { table, since, hours }: Kept): Promise<number> {
  const { rows } = (await database.unrecorded((tx) =>
    tx.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${since} < now() - make_interval(hours => ${hours})
        limit ${FORGOTTEN_AT_ONCE} for update skip locked))
      returning 1`),
  )) as unknown as { rows: unknown[] };
  return rows.length;
}
