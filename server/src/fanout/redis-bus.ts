import type { Logger } from "pino";
import { createClient } from "redis";
import type { Announcement, Shelf } from "./announcement.ts";
import { openEndedList } from "./ended-list.ts";
import { messagesRefused } from "./metrics.ts";
import type { Signer } from "./signature.ts";

const CONNECT_TIMEOUT_MS = 2_000;
/** A Redis that answers no ping within the socket's timeout hangs: the connection is given up and made again. */
const PING_EVERY_MS = 1_500;
const SILENCE_MS = 4_000;
const RECONNECT_AT_MOST_MS = 1_000;
/** A message waits for a hung Redis in memory; beyond this many it is dropped, and the poll repairs. */
const QUEUE_LENGTH = 1_000;
/** Larger content is left out of the message and read from the database. */
const INLINE_BYTES = 64 * 1024;
/** Redis cuts whoever is owed more than 32 MB: a larger kill is left out of its message, and read from the shelf. */
const INLINE_FACT_BYTES = 16 * 1024 * 1024;

export interface RedisBus {
  readonly up: boolean;
  readonly shelf: Shelf;
  publish(announcement: Announcement): void;
  close(): void;
}

interface Options {
  url: string;
  node: string;
  /** How the names of the nodes begin that need not be heard here: this one and its siblings. */
  group: string;
  signer: Signer;
  log: Logger;
  heard(announcement: Announcement): void;
  /** Messages may have been missed until now. */
  connected(): void;
}

/** Redis makes delivery fast and is never needed: nothing here throws, waits, or fails a request. */
export function openRedisBus({ url, node, group, signer, log, heard, connected }: Options): RedisBus {
  const publisher = connect(url, log);
  const subscriber = connect(url, log);
  const receive = (message: string, channel: string) => {
    const announcement = read(signer, channel, message, group);
    if (announcement) heard(announcement);
  };
  const ended = openEndedList({
    client: publisher,
    namespaces: signer.namespaces,
    seal: (place, announcement) => write(signer, place, announcement, node),
    heard: (place, sealed) => receive(sealed, place),
  });
  const subscribe = async () => {
    for (const namespace of signer.namespaces) await subscriber.pSubscribe(`${namespace}:bus:*`, receive);
    connected();
    await ended.read();
  };
  // Not before: the client forgets how to read messages when a subscription made early has to wait for Redis. Said again
  // to a connection that is back, it changes nothing; one that breaks meanwhile will be ready again.
  subscriber.on("ready", () => void subscribe().catch(() => {}));
  // Of the two connections the later to be ready misses nothing.
  publisher.on("ready", () => void ended.read());
  const [namespace] = signer.namespaces;
  return {
    get up() {
      return publisher.isReady;
    },
    shelf: openShelf(publisher, signer),
    publish(announcement) {
      if (!publisher.isReady) return;
      const channel = `${namespace}:bus:${subjectOf(announcement)}`;
      publisher.publish(channel, write(signer, channel, announcement, node)).catch(() => {});
      ended.keep(announcement);
    },
    close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

type RedisClient = ReturnType<typeof connect>;

function connect(url: string, log: Logger) {
  const client = createClient({
    url,
    RESP: 2,
    pingInterval: PING_EVERY_MS,
    commandsQueueMaxLength: QUEUE_LENGTH,
    disableOfflineQueue: false,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) =>
        Math.random() * Math.min(RECONNECT_AT_MOST_MS, 50 * 2 ** Math.min(retries, 10)),
    },
  });
  let wasUp = true;
  client.on("ready", () => {
    if (!wasUp) log.info("redis is back");
    wasUp = true;
  });
  client.on("error", (error: Error) => {
    if (wasUp) log.warn({ error: error.message }, "redis is away; changes travel through the database");
    wasUp = false;
  });
  client.connect().catch(() => {});
  return client;
}

/** One channel per environment, and one per project for what concerns all of its environments. */
function subjectOf(announcement: Announcement): string {
  return "environmentId" in announcement ? announcement.environmentId : announcement.projectId;
}

function write(signer: Signer, channel: string, announcement: Announcement, node: string): string {
  const seal = (sent: Announcement) => signer.seal(channel, JSON.stringify({ node, announcement: sent }));
  const sealed = seal(announcement);
  if (announcement.type === "published" && sealed.length > INLINE_BYTES) {
    const { content: _tooLarge, ...rest } = announcement;
    return seal(rest);
  }
  if ("fact" in announcement && sealed.length > INLINE_FACT_BYTES) {
    const { fact: _tooLarge, ...rest } = announcement;
    return seal(rest);
  }
  return sealed;
}

function read(signer: Signer, channel: string, message: string, group: string): Announcement | undefined {
  const text = signer.open(channel, message);
  if (text === undefined) {
    messagesRefused.inc();
    return undefined;
  }
  const { node, announcement } = JSON.parse(text) as { node: string; announcement: Announcement };
  return node.startsWith(group) ? undefined : announcement;
}

function openShelf(client: RedisClient, signer: Signer): Shelf {
  const keys = signer.namespaces.map((namespace) => `${namespace}:shelf`);
  const [current] = keys as [string];
  const ready = () => (client.isReady ? Promise.resolve() : Promise.reject(new Error("redis is away")));
  return {
    async put(key, value) {
      await ready();
      await client.hSet(current, key, signer.seal(key, value));
    },
    async all() {
      await ready();
      const values = new Map<string, string>();
      for (const stored of await Promise.all(keys.map((key) => client.hGetAll(key)))) {
        for (const [key, sealed] of Object.entries(stored)) {
          const value = signer.open(key, sealed);
          if (value === undefined) messagesRefused.inc();
          else values.set(key, value);
        }
      }
      return values;
    },
    async remove(removed) {
      await ready();
      for (const key of keys) await client.hDel(key, removed);
    },
  };
}
