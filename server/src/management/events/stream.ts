import type { ServerResponse } from "node:http";
import type { UiEvent } from "@lanyard/contract";

/** A page that reads slower than this much behind is cut, and reads everything anew when it comes back. */
const BEHIND_BYTES = 256 * 1024;
const RECONNECT_MS = 2_000;

export interface EventStream {
  send(event: UiEvent): void;
  cut(): void;
}

export function openStream(res: ServerResponse): EventStream {
  res.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  res.write(`retry: ${RECONNECT_MS}\n\n`);
  return {
    send(event) {
      if (res.destroyed) return;
      res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      if (res.writableLength > BEHIND_BYTES) res.destroy();
    },
    cut: () => void res.end(),
  };
}
