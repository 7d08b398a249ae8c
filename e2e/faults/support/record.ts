import { query } from "../../support/database.ts";
import type { Cluster } from "./cluster.ts";

/** How many kills the record tells of. */
export async function killsOnRecord({ database }: Cluster): Promise<number> {
  const sql = "SELECT count(*) FROM changes WHERE action = 'kill.accepted'";
  const rows = await query<{ count: string }>(database, sql).catch(() => []);
  return Number(rows[0]?.count ?? -1);
}
