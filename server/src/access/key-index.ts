import type { Role } from "@lanyard/contract";
import { isNull } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { createRereads } from "../database/reread.ts";
import { apiKeys } from "../database/schema/index.ts";
import type { Fanout } from "../fanout/index.ts";
import type { Actor } from "./actor.ts";
import { Newest } from "./newest.ts";
import { hashSecret } from "./secrets.ts";

/** Of which more than the database's word is remembered. */
const REVOKED_MAX = 10_000;

export type KeyRecord = typeof apiKeys.$inferSelect;

/**
 * Every live key in memory, by its hash, so that authorisation needs no database. Loaded at start, again whenever
 * a project's access changes, and told by the poll when that word was missed. A key that is said to be revoked is
 * forgotten without asking the database.
 */
export interface KeyIndex {
  /** The key's actor; undefined for unknown, revoked and expired ones. */
  find(secret: string): Actor | undefined;
  /** The same by the key's id: for what was signed here on the key's behalf. */
  actor(keyId: string): Actor | undefined;
  /** Whether a key that was found once is still good: streams ask again. */
  isLive(keyId: string): boolean;
  /** For the copy in the data folder, and back. */
  all(): KeyRecord[];
  fill(records: KeyRecord[]): void;
  reload(): Promise<void>;
  /** Resolves once the changes heard of so far are in memory. */
  settled(): Promise<void>;
  /** Runs after every reload, and when a key is revoked. */
  onReload(listener: () => void): void;
  /** Ids seen since the last call, for `last_used_at`. */
  takeUsed(): string[];
}

export function createKeyIndex(database: Database, fanout: Fanout): KeyIndex {
  let byHash = new Map<string, KeyRecord>();
  let byId = new Map<string, KeyRecord>();
  const used = new Set<string>();
  const listeners: (() => void)[] = [];
  const revoked = new Newest<true>(REVOKED_MAX);
  const fill = (records: KeyRecord[]) => {
    // A reading that began before the word came must not bring it back.
    const live = records.filter(({ id }) => !revoked.has(id));
    byHash = new Map(live.map((record) => [record.secretHash, record]));
    byId = new Map(live.map((record) => [record.id, record]));
    for (const listener of listeners) listener();
  };
  const forget = (id: string) => {
    revoked.set(id, true);
    if (byId.has(id)) fill([...byId.values()]);
  };
  const { reload, settled } = createRereads(async () =>
    fill(await database.read.select().from(apiKeys).where(isNull(apiKeys.revokedAt))),
  );
  fanout.listen((announcement) => {
    // The poll's word that the database answers: what failed before is tried again.
    if (announcement.type === "counters") settled().catch(() => {});
    if (announcement.type !== "access") return;
    const { ended } = announcement;
    if (ended && "key" in ended) forget(ended.key);
    reload().catch(() => {});
  });
  return {
    find(secret) {
      const record = byHash.get(hashSecret(secret));
      if (!record || !isUnexpired(record)) return undefined;
      used.add(record.id);
      return actorOf(record);
    },
    actor(keyId) {
      const record = byId.get(keyId);
      return record && isUnexpired(record) ? actorOf(record) : undefined;
    },
    isLive(keyId) {
      const record = byId.get(keyId);
      return record !== undefined && isUnexpired(record);
    },
    all: () => [...byId.values()],
    fill,
    reload,
    settled,
    onReload: (listener) => void listeners.push(listener),
    takeUsed() {
      const ids = [...used];
      used.clear();
      return ids;
    },
  };
}

function isUnexpired(record: KeyRecord): boolean {
  return record.expiresAt === null || record.expiresAt.getTime() > Date.now();
}

function actorOf(record: KeyRecord): Actor {
  const { id, name, projectId, environmentIds } = record;
  switch (record.kind) {
    case "kill":
      return {
        kind: "kill-token",
        id,
        name,
        projectId,
        environmentIds,
        liftsOnResolve: record.liftsOnResolve,
      };
    case "management":
      return { kind: "token", id, name, projectId, environmentIds, role: record.role as Role };
    case "server":
    case "client":
      return {
        kind: "sdk",
        id,
        name,
        audience: record.kind,
        projectId,
        environmentId: environmentIds[0] ?? "",
        origins: record.origins ?? [],
        verification: record.verification ?? undefined,
      };
  }
}
