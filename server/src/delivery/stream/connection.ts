import type { Response } from "express";
import type { SdkActor } from "../sdk-actor.ts";
import type { Frame } from "./frames.ts";
import { slowReadersCut } from "./metrics.ts";

/** What a slow reader may make us keep, beyond what it was sent on connecting. */
const QUEUE_BYTES = 1024 * 1024;

/** One SDK's stream. What is not yet in the socket waits in a short queue here, so that a kill can go ahead of it. */
export interface Connection {
  readonly keyId: string;
  readonly openedAt: number;
  write(frame: Frame): void;
  /** Ahead of every frame that is not yet in the socket. */
  writeFirst(frame: Frame): void;
  /** Ends it after `frame`. */
  end(frame?: Frame): void;
  cut(): void;
}

export function openConnection(res: Response, actor: SdkActor, opening: Frame[]): Connection {
  let urgent: Frame[] = [];
  let queue: Frame[] = [];
  let queuedBytes = 0;
  let limitBytes = QUEUE_BYTES;
  let blocked = false;

  const push = (frame: Frame) => {
    blocked = !res.write(frame);
  };
  const flush = () => {
    blocked = false;
    while (!blocked && (urgent.length > 0 || queue.length > 0)) {
      const next = (urgent.shift() ?? queue.shift()) as Frame;
      queuedBytes -= next.length;
      push(next);
    }
  };
  const write = (frame: Frame, line: Frame[]) => {
    if (!blocked) return push(frame);
    line.push(frame);
    queuedBytes += frame.length;
    if (queuedBytes <= limitBytes) return;
    slowReadersCut.inc();
    cut();
  };
  const cut = () => {
    urgent = [];
    queue = [];
    res.destroy();
  };

  res.on("drain", flush);
  limitBytes += opening.reduce((sum, frame) => sum + frame.length, 0);
  for (const frame of opening) write(frame, queue);
  return {
    keyId: actor.id,
    openedAt: performance.now(),
    write: (frame) => write(frame, queue),
    writeFirst: (frame) => write(frame, urgent),
    end: (frame) => {
      if (blocked || res.destroyed) cut();
      else res.end(frame);
    },
    cut,
  };
}
