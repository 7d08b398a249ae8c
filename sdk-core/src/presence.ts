import { type CreateReceipts, createReceipts } from "./receipts.ts";
import type { Faults } from "./status.ts";

/** How an instance shows itself to people. */
export interface Presence {
  app?: string | undefined;
  host: string;
  /** As they are counted. */
  faults?: Readonly<Faults> | undefined;
}

/** At most: two of them fit into the minute of silence after which a server gives an instance up. */
const PRESENCE_MS = 25_000;
const RETRY_MS = 500;

/**
 * Receipts of an instance that is to be found: it says so on connecting and now and then, insists on its receipts, and
 * says how much of each kill it holds, which can grow on the way.
 */
export const createPresence =
  ({ faults, ...presence }: Presence): CreateReceipts =>
  (platform, schedule, post, held) => {
    const { random } = platform;
    let failures = 0;
    const receipts = createReceipts(platform, schedule, async (receipt) => {
      receipts.sendWithin(PRESENCE_MS * (0.8 + 0.2 * random()));
      const active = held.active();
      const kills = receipt.kills.map((kill) => ({
        ...kill,
        flags: active.filter(({ id }) => id === kill.id).length,
      }));
      const sent = await post({ ...presence, ...countsOf(faults), ...receipt, kills });
      failures = sent ? 0 : failures + 1;
      // Somebody waits for these: sooner than the next word, and ever later while nobody takes them.
      if (!sent && receipt.kills.length > 0) {
        receipts.sendWithin(Math.min(PRESENCE_MS, RETRY_MS * 2 ** failures * random()));
      }
      return sent;
    });
    return {
      ...receipts,
      arrive: () => receipts.sendWithin(0),
      leave: () => receipts.send({ leaving: true }),
    };
  };

/** Those that there are: a server of before they were counted refuses a word that it does not know. */
function countsOf(faults: Readonly<Faults> | undefined): Partial<Faults> {
  return Object.fromEntries(Object.entries({ ...faults }).filter(([, count]) => count > 0));
}
