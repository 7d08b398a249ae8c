import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { isDatabaseAway } from "./away.ts";
import type { AnyTransaction } from "./database.ts";

/**
 * One transaction on a connection of the pool, which always gets it back, or its place: a hang must not take connections
 * away for good. `willCommit` is called last, and may throw.
 */
export async function transact<Result>(
  pool: pg.Pool,
  work: (tx: AnyTransaction) => Promise<Result>,
  willCommit: () => void,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(drizzle(client) as unknown as AnyTransaction);
    willCommit();
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // The end of a connection rolls back too, and waits for no answer.
    const lost = isDatabaseAway(error) || !(await isRolledBack(client));
    client.release(lost);
    throw error;
  }
}

function isRolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query("rollback").then(
    () => true,
    () => false,
  );
}
