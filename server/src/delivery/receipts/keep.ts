import type { KillReceipts } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { killReceipts } from "../../database/schema/index.ts";

/** Keeps what is known of kills for later readers; each node may know a part, and the fullest count stays. */
export async function keepReceipts(database: Database, counted: Map<string, KillReceipts>): Promise<void> {
  // In one order everywhere: rows are locked in it, so that two nodes never deadlock.
  const rows = [...counted].sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return;
  await database.unrecorded((tx) =>
    tx
      .insert(killReceipts)
      .values(rows.map(([killId, receipts]) => ({ killId, receipts })))
      .onConflictDoUpdate({
        target: killReceipts.killId,
        set: { receipts: sql`excluded.receipts` },
        setWhere: sql`(${killReceipts.receipts}->>'confirmed')::int <= (excluded.receipts->>'confirmed')::int`,
      }),
  );
}
