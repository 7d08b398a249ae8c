import { DRILL_FLAG, type KillElement } from "@lanyard/evaluation";
import type { Frames } from "./frames.ts";
import type { Platform } from "./platform.ts";
import type { Schedule } from "./schedule.ts";

/** How an instance shows itself to people; a browser does not. */
export interface Presence {
  app?: string | undefined;
  host: string;
}

export interface Receipt extends Partial<Presence> {
  /** Kills that took effect here, and how long ago: the server's clock does the rest. */
  kills: { id: string; heldMs: number }[];
  leaving?: true;
}

export interface Receipts {
  /** Before the frame is applied. */
  hear(frame: Frames["kill"]): void;
  confirm(elements: readonly KillElement[]): void;
  /** Contact was made: whoever asks for instances should find this one. */
  arrive(): void;
  leave(): Promise<unknown> | undefined;
}

/** At most: two of them fit into the minute of silence after which a server gives an instance up. */
const PRESENCE_MS = 25_000;
const RETRY_MS = 500;
/** A server takes no more at once. */
const MAX_KILLS = 200;

/** Confirms kills, at the pace that the server names, and shows that this instance is there. */
export function createReceipts(
  { now, random }: Platform,
  schedule: Schedule,
  presence: Presence | undefined,
  post: (receipt: Receipt) => Promise<boolean>,
): Receipts {
  /** When each kill took effect that is still to be confirmed. */
  const owed = new Map<string, number>();
  let failures = 0;
  let pace: Pick<Frames["kill"], "confirmWithinMs" | "confirmShare"> = {};

  const sendWithin = (delayMs: number) => schedule.setSooner("receipts", delayMs, () => void send());

  async function send(leaving?: true): Promise<void> {
    const sending = [...owed].slice(0, MAX_KILLS);
    owed.clear();
    if (presence && !leaving) sendWithin(PRESENCE_MS * (0.8 + 0.2 * random()));
    const kills = sending.map(([id, at]) => ({ id, heldMs: Math.round(now() - at) }));
    const sent = await post({ ...presence, kills, ...(leaving && { leaving }) });
    failures = sent ? 0 : failures + 1;
    // A page's receipts are a sample, so what is lost stays lost.
    if (sent || !presence || leaving || sending.length === 0) return;
    for (const [id, at] of sending) owed.set(id, at);
    // Somebody waits for these: sooner than the next word, and ever later while nobody takes them.
    sendWithin(Math.min(PRESENCE_MS, RETRY_MS * 2 ** failures * random()));
  }

  function confirm(elements: readonly KillElement[]): void {
    const { confirmWithinMs = 0, confirmShare = 1 } = pace;
    if (elements.length === 0 || random() >= confirmShare) return;
    for (const { id } of elements) owed.set(id, now());
    sendWithin(confirmWithinMs * random());
  }

  return {
    hear(frame) {
      pace = frame;
      confirm(frame.elements.filter(({ flag }) => flag === DRILL_FLAG));
    },
    confirm,
    arrive: () => presence && sendWithin(0),
    leave: () => presence && send(true),
  };
}
