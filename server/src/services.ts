import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrateEmbedded, migratePostgres } from "@lanyard/migrations";
import type { Express } from "express";
import type { Logger } from "pino";
import { createGuard, createKeyIndex, createSessions, sessionCookieName } from "./access/index.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { openPglite, openPostgres } from "./database/open.ts";
import { createDelivery } from "./delivery/index.ts";
import { lockDataFolder } from "./embedded.ts";
import { createFanout } from "./fanout/index.ts";
import { createManagement, recordKill } from "./management/index.ts";

/** Everything that runs, and how to end it. */
export interface Services {
  app: Express;
  database: Database;
  /** The link for the first account; undefined once there is one. */
  setupLink(): Promise<string | undefined>;
  /** Tells SDKs to go elsewhere and stops being ready. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The composition root: configuration in, a whole node out. */
export async function createServices(config: Config, log: Logger): Promise<Services> {
  const { database, release } = await openDatabase(config);
  const fanout = createFanout({ database, redisUrl: config.redisUrl, secrets: config.secrets, log });
  const keys = createKeyIndex(database, fanout);
  const guard = createGuard(keys, createSessions(database));
  const http = { guard, database, sessionCookie: sessionCookieName(config.publicUrl) };
  const delivery = await createDelivery({
    database,
    fanout,
    guard,
    http,
    log,
    dataDir: config.dataDir,
    dataDirPersistent: config.dataDirPersistent,
    recordKill: (fact) => recordKill({ database, fanout }, fact),
  });
  const management = createManagement({
    database,
    fanout,
    guard,
    http,
    log,
    publicUrl: config.publicUrl,
    secret: config.secrets.current,
  });
  let draining = false;
  const app = createApp({
    log,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    isReady: () => !draining && delivery.isReady(),
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
      await delivery.close();
      await fanout.close();
      await database.close();
      await release();
    },
  };
}

async function openDatabase(config: Config): Promise<{ database: Database; release: () => Promise<void> }> {
  if (config.databaseUrl) {
    await migratePostgres(config.databaseUrl);
    return { database: openPostgres(config.databaseUrl), release: async () => {} };
  }
  const release = await lockDataFolder(config.dataDir);
  const database = await openPglite(join(config.dataDir, "postgres"), migrateEmbedded);
  return { database, release };
}

/** Beside the bundle's package in a checkout and in an image. */
function uiFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, "../../admin-ui/dist");
}
