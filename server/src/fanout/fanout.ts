import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "../database/database.ts";
import type { Announcement, Fanout } from "./announcement.ts";
import { startCountersPoll } from "./counters-poll.ts";
import { openNotifier } from "./notify.ts";
import { openRedisBus } from "./redis-bus.ts";
import { createSigner } from "./signature.ts";

export interface FanoutOptions {
  database: Database;
  redisUrl?: string | undefined;
  /** The previous one is still believed while it is rotated. */
  secrets: { current: string; previous?: string | undefined };
  log: Logger;
}

/** Never waits for the database or Redis: what is away is found again by itself. */
export function createFanout({ database, redisUrl, secrets, log }: FanoutOptions): Fanout {
  const node = randomUUID();
  const listeners = new Set<(announcement: Announcement) => void>();
  const tell = (announcement: Announcement) => {
    for (const listener of listeners) {
      try {
        listener(announcement);
      } catch (error) {
        log.error({ error, type: announcement.type }, "a listener failed on an announcement");
      }
    }
  };
  const poll = startCountersPoll(database, log, tell);
  const lookSoon = () => void poll.look().catch(() => {});
  const heard = (announcement: Announcement) => {
    poll.note(announcement);
    tell(announcement);
    if (announcement.type === "access") lookSoon();
  };
  const redis =
    redisUrl === undefined
      ? undefined
      : openRedisBus({
          url: redisUrl,
          node,
          signer: createSigner(secrets.current, secrets.previous),
          log,
          heard,
          connected: lookSoon,
        });
  const notifier = openNotifier(database, node, lookSoon);
  notifier.catch((error: unknown) => log.error({ error }, "cannot listen to the database"));

  return {
    node,
    announce(announcement) {
      poll.note(announcement);
      tell(announcement);
      redis?.publish(announcement);
      // A project or an environment may be new: the counters have it.
      if (announcement.type === "access") lookSoon();
      if (announcement.type !== "connections" && poll.databaseUp)
        notifier.then(({ hint }) => hint()).catch(() => {});
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look: poll.look,
    shelf: redis?.shelf,
    get databaseUp() {
      return poll.databaseUp;
    },
    get redisUp() {
      return redis?.up ?? false;
    },
    async close() {
      redis?.close();
      await Promise.all([poll.close(), notifier.then(({ close }) => close()).catch(() => {})]);
      listeners.clear();
    },
  };
}
