import type { KillReceipts } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { killReceipts } from "../../database/schema/index.ts";

/** Keeps what is known of kills for later readers, a batch at a time. */
export interface Keeper {
  /** The kill's receipts changed. */
  changed(kill: string): void;
  keep(receiptsOf: (kill: string) => KillReceipts | null): void;
  /** Resolves when what was begun is kept. */
  settled(): Promise<void>;
}

export function createKeeper(database: Database, log: Logger): Keeper {
  const unkept = new Set<string>();
  let keeping: Promise<void> | undefined;
  return {
    changed: (kill) => void unkept.add(kill),
    keep(receiptsOf) {
      if (keeping || unkept.size === 0) return;
      const kills = [...unkept];
      unkept.clear();
      const counted = kills.flatMap((killId) => {
        const receipts = receiptsOf(killId);
        // A node that has just started knows of nobody, which is no news.
        return receipts && receipts.seen > 0 ? [{ killId, receipts }] : [];
      });
      keeping = write(database, counted)
        .catch((error: unknown) => {
          log.debug({ err: error }, "receipts could not be kept");
          for (const kill of kills) unkept.add(kill);
        })
        .finally(() => {
          keeping = undefined;
        });
    },
    settled: () => keeping ?? Promise.resolve(),
  };
}

/** Each node may know a part; of what was accepted last the fullest count stays. */
async function write(database: Database, counted: { killId: string; receipts: KillReceipts }[]) {
  if (counted.length === 0) return;
  // In one order everywhere: rows are locked in it, so that two nodes never deadlock.
  const rows = counted.sort((a, b) => (a.killId < b.killId ? -1 : 1));
  await database.unrecorded((tx) =>
    tx
      .insert(killReceipts)
      .values(rows)
      .onConflictDoUpdate({
        target: killReceipts.killId,
        set: { receipts: sql`excluded.receipts` },
        setWhere: sql`
          (coalesce(${killReceipts.receipts}->>'since', ''), (${killReceipts.receipts}->>'confirmed')::int)
          <= (excluded.receipts->>'since', (excluded.receipts->>'confirmed')::int)`,
      }),
  );
}
