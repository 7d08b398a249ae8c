import { DRILL_FLAG, type KillElement } from "@lanyard/evaluation";
import type { Frames } from "./frames.ts";
import type { Kills } from "./kills.ts";
import type { Platform } from "./platform.ts";
import type { Schedule } from "./schedule.ts";

export interface Receipt {
  /** Kills that took effect here, and how long ago: the server's clock does the rest. */
  kills: { id: string; heldMs: number; flags?: number }[];
}

/** Tells the server which kills took effect. */
export interface Receipts {
  /** Before the frame is applied. */
  hear(frame: Frames["kill"]): void;
  confirm(elements: readonly KillElement[]): void;
  /** Sends what is owed no later than that. */
  sendWithin(delayMs: number): void;
  /** What was not taken is owed still, and goes with the next; `word` goes along. */
  send(word?: object): Promise<void>;
  /** Contact was made. */
  arrive?(): void;
  leave?(): Promise<void>;
}

/** Never rejects; `true` when the server has it. */
export type PostReceipt = (receipt: Receipt) => Promise<boolean>;

/** `held` is what the client holds down. */
export type CreateReceipts = (
  platform: Platform,
  schedule: Schedule,
  post: PostReceipt,
  held: Kills,
) => Receipts;

/** A server takes no more at once. */
const MAX_KILLS = 200;

/** Confirms kills, at the pace that the server names. */
export function createReceipts({ now, random }: Platform, schedule: Schedule, post: PostReceipt): Receipts {
  /** When each kill took effect that is still to be confirmed. */
  const owed = new Map<string, number>();
  let pace: Pick<Frames["kill"], "confirmWithinMs" | "confirmShare"> = {};

  function sendWithin(delayMs: number): void {
    schedule.setSooner("receipts", delayMs, () => void send());
  }

  async function send(word?: object): Promise<void> {
    const sending = [...owed];
    owed.clear();
    do {
      const kills = sending.slice(0, MAX_KILLS).map(([id, at]) => ({ id, heldMs: Math.round(now() - at) }));
      if (!(await post({ ...word, kills }))) {
        // Unless it grew meanwhile.
        for (const [id, at] of sending) if (!owed.has(id)) owed.set(id, at);
        return;
      }
      sending.splice(0, MAX_KILLS);
    } while (sending.length > 0);
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
    sendWithin,
    send,
  };
}
