import { type ClientOptions, LocalClient, lossOf, type Platform, type Status } from "@lanyard/sdk-core";

const READY_MS = 5_000;

/**
 * A client for functions that live for moments and are frozen in between: no stream, no timers. `ready` asks the
 * server, at little cost when nothing changed, and `flush` sends usage and keeps the rules.
 */
export class SnapshotClient extends LocalClient {
  #asking: Promise<void> | undefined;

  constructor(options: ClientOptions & { platform: Platform }) {
    super({ ...options, manual: true, platform: { ...options.platform, after: () => () => {} } });
  }

  override async ready({ timeoutMs = READY_MS }: { timeoutMs?: number } = {}): Promise<Status> {
    this.#asking ??= this.#ask(timeoutMs).finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
    return this.status();
  }

  override async flush(): Promise<boolean> {
    this.save();
    const sent = await super.flush();
    await this.saved();
    return sent;
  }

  async #ask(timeoutMs: number): Promise<void> {
    const closed = this.status().state === "closed";
    if (closed || !this.server) return;
    try {
      await this.server.fetchRuleset(AbortSignal.timeout(timeoutMs), false);
      this.listener.contact("poll");
    } catch (error) {
      const { message, refused } = lossOf(error);
      this.listener.down();
      this.listener.failed(message, refused);
      this.staleness.review();
    }
  }
}
