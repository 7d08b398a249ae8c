import {
  type ConnectionListener,
  type CoreOptions,
  createCore,
  lossOf,
  MAX_DELAY_MS,
} from "@lanyard/sdk-core";
import { type Client, type NodeOptions, nodeClient } from "./client.ts";

const READY_MS = 5_000;

/**
 * A client for functions that live for moments and are frozen in between: no stream, no timers. `ready` asks the
 * server, at little cost when nothing changed, and `flush` sends usage and keeps the rules. `watch` hears what the
 * listener hears.
 */
export function createSnapshotClient(
  options: CoreOptions,
  face: NodeOptions,
  watch: (listener: ConnectionListener) => ConnectionListener,
): Client {
  const core = createCore({ ...options, platform: { ...options.platform, after: () => () => {} } });
  const { line } = core;
  const listener = watch(core.listener);
  const { status } = core.life;
  let asked: Asked | undefined;

  async function ask(signal: AbortSignal): Promise<void> {
    if (status().state === "closed" || !line) return;
    try {
      const rules = await line.server.rules(signal);
      if (rules) listener.rules("put", rules, "poll");
      listener.contact("poll");
    } catch (error) {
      const { message, status: answered } = lossOf(error);
      listener.down();
      listener.failed(message, answered, error);
    }
  }

  function begin(): Asked {
    const request = new AbortController();
    const done = ask(request.signal).finally(() => {
      asked = undefined;
      // What is left of an answer that was an error is read by nobody.
      request.abort();
    });
    return { request, done, waiting: 0 };
  }

  return {
    ...nodeClient(core, face),
    async ready({ timeoutMs = READY_MS } = {}) {
      asked ??= begin();
      await waitFor(asked, timeoutMs);
      return status();
    },
    async flush() {
      const [sent] = await Promise.all([core.life.flush(), core.save()]);
      return sent;
    },
  };
}

/** One request for all who wait for it at the same time. */
interface Asked {
  readonly request: AbortController;
  readonly done: Promise<void>;
  waiting: number;
}

/** Each waits its own time and no longer. The last to give up ends the request, and with it hears of that. */
async function waitFor(asked: Asked, timeoutMs: number): Promise<void> {
  const patience = AbortSignal.timeout(delayOf(timeoutMs));
  asked.waiting += 1;
  await new Promise<void>((resolve) => {
    const giveUp = (): void => {
      asked.waiting -= 1;
      if (asked.waiting === 0) asked.request.abort(patience.reason);
      else resolve();
    };
    patience.addEventListener("abort", giveUp);
    void asked.done.then(() => {
      patience.removeEventListener("abort", giveUp);
      resolve();
    });
  });
}

/** What a signal takes: whole milliseconds, and no more than a timer can wait. */
function delayOf(timeoutMs: number): number {
  return Math.min(Math.max(Math.ceil(timeoutMs) || 0, 0), MAX_DELAY_MS);
}
