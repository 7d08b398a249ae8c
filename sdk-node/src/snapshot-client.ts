import { type CoreOptions, createCore, lossOf, MAX_DELAY_MS } from "@lanyard/sdk-core";
import { type Client, type NodeOptions, nodeClient } from "./client.ts";

const READY_MS = 5_000;

/**
 * A client for functions that live for moments and are frozen in between: no stream, no timers. `ready` asks the
 * server, at little cost when nothing changed, and `flush` sends usage and keeps the rules.
 */
export function createSnapshotClient(options: CoreOptions, face: NodeOptions): Client {
  const core = createCore({ ...options, platform: { ...options.platform, after: () => () => {} } });
  const { line, listener } = core;
  const { status } = core.life;
  let asking: Promise<void> | undefined;

  async function ask(timeoutMs: number): Promise<void> {
    if (status().state === "closed" || !line) return;
    try {
      const rules = await line.server.rules(AbortSignal.timeout(delayOf(timeoutMs)));
      if (rules) listener.rules("put", rules, "poll");
      listener.contact("poll");
    } catch (error) {
      const { message, status: answered } = lossOf(error);
      listener.down();
      listener.failed(message, answered);
    }
  }

  return {
    ...nodeClient(core, face),
    async ready({ timeoutMs = READY_MS } = {}) {
      asking ??= ask(timeoutMs).finally(() => {
        asking = undefined;
      });
      await asking;
      return status();
    },
    async flush() {
      const [sent] = await Promise.all([core.life.flush(), core.save()]);
      return sent;
    },
  };
}

/** What a signal takes: whole milliseconds, and no more than a timer can wait. */
function delayOf(timeoutMs: number): number {
  return Math.min(Math.max(Math.ceil(timeoutMs) || 0, 0), MAX_DELAY_MS);
}
