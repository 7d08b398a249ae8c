import type { UiEvent } from "@lanyard/contract";

export type StreamState = "connecting" | "live" | "lost";

interface Listener {
  onEvent(event: UiEvent): void;
  onState(state: StreamState): void;
}

type Told = { event: UiEvent } | { state: StreamState };

/** Everything the server names an event; unnamed ones arrive as `message`. */
const NAMES = ["message", "change", "kill", "lift", "connections", "receipts", "heartbeat"];

/**
 * Follows a project's events through one connection for all tabs of the browser: the tab that holds the lock
 * listens and tells the others. Without locks (plain http) every tab listens for itself. Answers how to stop.
 */
export function followProject(project: string, listener: Listener): () => void {
  const stop = new AbortController();
  if (!("locks" in navigator)) {
    void listen(project, (told) => hand(told, listener), stop.signal);
    return () => stop.abort();
  }
  const name = `lanyard-events:${project}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = (message: MessageEvent<Told>) => hand(message.data, listener);
  const tell = (told: Told) => {
    hand(told, listener);
    if (!stop.signal.aborted) channel.postMessage(told);
  };
  navigator.locks
    .request(name, { signal: stop.signal }, () => listen(project, tell, stop.signal))
    .catch(() => undefined);
  return () => {
    stop.abort();
    channel.close();
  };
}

function hand(told: Told, listener: Listener) {
  if ("event" in told) listener.onEvent(told.event);
  else listener.onState(told.state);
}

/** Resolves when stopped. EventSource reconnects by itself; a refusal is tried again after a while. */
function listen(project: string, tell: (told: Told) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(`/api/v1/events?project=${encodeURIComponent(project)}`);
      source.onopen = () => tell({ state: "live" });
      source.onerror = () => {
        tell({ state: "lost" });
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 5_000 * (1 + Math.random()));
      };
      for (const name of NAMES) {
        source.addEventListener(name, (message: MessageEvent<string>) => {
          const event = parsed(message.data);
          if (event) tell({ event });
        });
      }
    };
    open();
    signal.addEventListener("abort", () => {
      clearTimeout(retry);
      source?.close();
      resolve();
    });
  });
}

function parsed(data: string): UiEvent | undefined {
  try {
    const event = JSON.parse(data) as UiEvent;
    return typeof event?.type === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}
