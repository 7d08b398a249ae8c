import { goodbyeFrame } from "../stream/index.ts";
import type { Instances } from "./instances.ts";
import { silentCut } from "./metrics.ts";

const LOOK_EVERY_MS = 5_000;
/** With the look, a minute; an instance says a word at most 25 s after the last. */
const SILENT_MS = 55_000;
const RECONNECT_WITHIN_MS = 500;

/** As much of a stream as ending it takes. */
export interface Stream {
  readonly openedAt: number;
  write(frame: Buffer): void;
  cut(): void;
}

/**
 * Ends streams whose instance has fallen silent: heartbeats keep a connection alive that nobody reads. Judged are only
 * those that have said a word since the stream was opened; SDKs that never do are left to TCP.
 */
export interface SilenceWatch {
  /** Returns how to leave. */
  opened(environmentId: string, instance: string, stream: Stream): () => void;
  close(): void;
}

interface Options {
  instances: Instances;
  /** Whether words may have been lost lately, which no instance is to pay for. */
  mayHaveMissed(sinceMs: number): boolean;
  now?: () => number;
}

export function watchSilence({
  instances,
  mayHaveMissed,
  now = () => performance.now(),
}: Options): SilenceWatch {
  const streams = new Map<Stream, { environmentId: string; instance: string }>();

  function look() {
    if (mayHaveMissed(now() - SILENT_MS)) return;
    for (const [stream, { environmentId, instance }] of streams) {
      const seenAt = instances.get(environmentId, instance)?.seenAt;
      if (seenAt === undefined || seenAt < stream.openedAt || now() - seenAt < SILENT_MS) continue;
      silentCut.inc();
      streams.delete(stream);
      // Should it live after all, it comes back at once, and hears what it missed.
      stream.write(goodbyeFrame(Math.floor(Math.random() * RECONNECT_WITHIN_MS)));
      stream.cut();
    }
  }

  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    opened(environmentId, instance, stream) {
      streams.set(stream, { environmentId, instance });
      return () => void streams.delete(stream);
    },
    close: () => clearInterval(timer),
  };
}
