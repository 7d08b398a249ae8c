import type { RedisClientType } from "redis";
import type { Announcement } from "./announcement.ts";

type Ending = Extract<Announcement, { type: "access" }>;
type Client = Pick<RedisClientType, "isReady" | "multi" | "lRange">;

const KINDS = ["key", "session", "member"] as const;
/** Of each kind; the oldest go first, and are found in the database. */
const KEPT_MAX = 1_000;

/** What ended, kept in Redis and not only published, for a node that was cut off when it was said. Never throws. */
export interface EndedList {
  keep(announcement: Announcement): void;
  /** Tells `heard` of everything kept; what was known changes nothing. */
  read(): Promise<void>;
}

interface Options {
  client: Client;
  namespaces: readonly [current: string, ...previous: string[]];
  /** Of the place that it was sealed for. */
  seal(place: string, announcement: Announcement): string;
  heard(place: string, sealed: string): void;
}

export function openEndedList({ client, namespaces, seal, heard }: Options): EndedList {
  const placeOf = (namespace: string, kind: (typeof KINDS)[number]) => `${namespace}:ended:${kind}`;
  const places = namespaces.flatMap((namespace) => KINDS.map((kind) => placeOf(namespace, kind)));
  return {
    keep(announcement) {
      const kind = announcement.type === "access" && kindOf(announcement);
      if (!kind || !client.isReady) return;
      const place = placeOf(namespaces[0], kind);
      client
        .multi()
        .lPush(place, seal(place, announcement))
        .lTrim(place, 0, KEPT_MAX - 1)
        .exec()
        .catch(() => {});
    },
    async read() {
      if (!client.isReady) return;
      for (const place of places)
        for (const sealed of await client.lRange(place, 0, KEPT_MAX - 1).catch(() => []))
          heard(place, sealed);
    },
  };
}

function kindOf({ ended }: Ending): (typeof KINDS)[number] | undefined {
  return KINDS.find((kind) => ended !== undefined && kind in ended);
}
