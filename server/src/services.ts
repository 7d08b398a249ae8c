import type { RequestListener } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrateEmbedded, migratePostgres } from "@lanyard/migrations";
import type { Logger } from "pino";
import { register } from "prom-client";
import {
  createGuard,
  createKeyIndex,
  createKillPasses,
  createSessions,
  createVault,
  sessionCookieName,
} from "./access/index.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { isDatabaseAway } from "./database/away.ts";
import type { Database } from "./database/database.ts";
import { startForgetting } from "./database/forget.ts";
import { openPglite, openPostgres } from "./database/open.ts";
import { createDelivery, createPeers } from "./delivery/index.ts";
import { lockDataFolder } from "./embedded.ts";
import { createFanout, createSigner } from "./fanout/index.ts";
import { createManagement, recordFact, restoreKills } from "./management/index.ts";
import type { Worker } from "./workers/index.ts";

const MIGRATE_AGAIN_MS = 1_000;

/** Everything that runs, and how to end it. */
export interface Services {
  app: RequestListener;
  database: Database;
  /** The link for the first account; undefined once there is one. */
  setupLink(): Promise<string | undefined>;
  /** Tells SDKs to go elsewhere and stops being ready. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The composition root: configuration in, a whole node out. */
export async function createServices(config: Config, log: Logger, worker?: Worker): Promise<Services> {
  const { database, reached, release } = await openDatabase(config, log);
  const { redisUrl, secrets } = config;
  const fanout = createFanout({ database, redisUrl, secrets, siblings: worker?.siblings, log });
  const keys = createKeyIndex(database, fanout);
  const sessions = createSessions(database, fanout);
  const signer = createSigner(secrets.current, secrets.previous);
  const guard = createGuard(keys, sessions, createKillPasses(signer, fanout, sessions));
  const vault = createVault(secrets);
  const http = { guard, database, sessionCookie: sessionCookieName(config.publicUrl) };
  const delivery = await createDelivery({
    database,
    databaseReached: reached,
    fanout,
    guard,
    http,
    vault,
    log,
    secrets,
    dataDir: config.dataDir,
    dataDirPersistent: config.dataDirPersistent,
    drillEveryMs: config.drillEveryMs,
    peers: createPeers(config.peers, signer),
    record: (fact) => recordFact({ database, fanout }, fact),
    restoreKills: (lost) => restoreKills({ database, fanout }, lost),
  });
  const management = createManagement({
    database,
    fanout,
    guard,
    http,
    log,
    receipts: delivery.receipts,
    connected: (environmentId) => delivery.receipts.connected(environmentId),
    killSettled: delivery.killSettled,
    publicUrl: config.publicUrl,
    secret: config.secrets.current,
    vault,
  });
  const forgetting = startForgetting(database, log);
  let draining = false;
  const app = createApp({
    log,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    metrics: worker ? worker.metrics : () => register.metrics(),
    isReady: () => !draining && delivery.isReady(),
    ahead: delivery.ahead,
    delivery: delivery.router,
    management: management.router,
    uiFolder: uiFolder(),
  });
  return {
    app,
    database,
    setupLink: () => management.setupLink(),
    async drain() {
      draining = true;
      await delivery.drain();
    },
    async close() {
      await management.close();
      sessions.close();
      await forgetting.close();
      await delivery.close();
      await fanout.close();
      await database.close();
      await release();
    },
  };
}

interface OpenDatabase {
  database: Database;
  /** Whether it has answered. */
  reached: boolean;
  release: () => Promise<void>;
}

async function openDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  if (config.databaseUrl) {
    const { reached, endRetrying } = await migrateWhenReached(config.databaseUrl, log);
    return { database: openPostgres(config.databaseUrl), reached, release: endRetrying };
  }
  const release = await lockDataFolder(config.dataDir);
  const database = await openPglite(join(config.dataDir, "postgres"), migrateEmbedded);
  return { database, reached: true, release };
}

/** A node that starts while PostgreSQL is away serves and kills from its data folder, and migrates when it is back. */
async function migrateWhenReached(url: string, log: Logger) {
  let reached = true;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  const migrate = async () => {
    try {
      await migratePostgres(url);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      reached = false;
      log.warn({ err: error }, "PostgreSQL does not answer; it is tried again");
      if (closed) return;
      retry = setTimeout(() => {
        migrate().catch((failed: unknown) => log.error({ err: failed }, "the migration failed"));
      }, MIGRATE_AGAIN_MS);
    }
  };
  await migrate();
  return {
    reached,
    async endRetrying() {
      closed = true;
      clearTimeout(retry);
    },
  };
}

/** Beside the bundle's package in a checkout and in an image. */
function uiFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, "../../admin-ui/dist");
}
