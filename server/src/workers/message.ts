import type { Announcement } from "../fanout/index.ts";

/** What a worker tells the primary process, which alone can reach the others: the pipes between them are private. */
export type FromWorker =
  | { type: "lanyard:announced"; announcement: Announcement }
  | { type: "lanyard:started"; started: Started }
  | { type: "lanyard:metrics-wanted"; id: number };

export type FromPrimary =
  | { type: "lanyard:announced"; announcement: Announcement }
  /** Null when one of the workers does not answer. */
  | { type: "lanyard:metrics"; id: number; text: string | null };

export interface Started {
  port: number;
  setupLink: string | undefined;
}

/** Messages that may wait for a process that does not read them; the next is dropped, and the poll repairs. */
const QUEUE_LENGTH = 1_000;

interface Process {
  send?(message: object, handle: undefined, options: undefined, sent: () => void): boolean;
}

/** Sends without waiting, and without piling up. */
export function createSender<Message extends object>(to: Process): (message: Message) => void {
  let waiting = 0;
  return (message) => {
    if (waiting >= QUEUE_LENGTH) return;
    waiting += 1;
    to.send?.(message, undefined, undefined, () => {
      waiting -= 1;
    });
  };
}
