import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";

const CHANNEL = "lanyard";

export interface Notifier {
  /** Tells other nodes to look at the counters. */
  hint(): void;
  close(): Promise<void>;
}

/** PostgreSQL NOTIFY: says only that something moved; the counters say what. */
export async function openNotifier(database: Database, node: string, heard: () => void): Promise<Notifier> {
  if (database.kind === "pglite") return { hint: () => {}, close: () => Promise.resolve() };
  const end = await database.listen(CHANNEL, (sender) => {
    if (sender !== node) heard();
  });
  let sending = false;
  let owed = false;
  async function send() {
    sending = true;
    do {
      owed = false;
      await database.raw.execute(sql`select pg_notify(${CHANNEL}, ${node})`).catch(() => {});
    } while (owed);
    sending = false;
  }
  return {
    hint() {
      // One at a time: hints must not fill the pool of a database that hangs.
      if (sending) owed = true;
      else void send();
    },
    close: end,
  };
}
