import { query } from "../../support/database.ts";
import type { Cluster } from "./cluster.ts";

/** How many kills the record tells of. */
export const killsOnRecord = (cluster: Cluster) => onRecord(cluster, "kill.accepted");

/** How many changes of that kind the record tells of; -1 while the database is away. */
export async function onRecord({ database }: Cluster, action: string): Promise<number> {
  const sql = "SELECT count(*) FROM changes WHERE action = $1";
  const rows = await query<{ count: string }>(database, sql, [action]).catch(() => []);
  return Number(rows[0]?.count ?? -1);
}
