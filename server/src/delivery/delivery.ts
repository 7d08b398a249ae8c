import type { Router } from "express";
import { Router as createExpressRouter } from "express";
import type { Logger } from "pino";
import type { Guard, Vault } from "../access/index.ts";
import type { Database } from "../database/database.ts";
import { createSigner, type Fanout } from "../fanout/index.ts";
import { type Ahead, createRouter, type HttpContext } from "../http/index.ts";
import { sdkCors } from "./cors.ts";
import { createEnvironments, createProjectIndex, createReader } from "./environments/index.ts";
import {
  addKillRoutes,
  createTokenLimit,
  type LostKills,
  openJournal,
  openKillLane,
  type Peers,
  type RecordFact,
} from "./kill-lane/index.ts";
import { openMemoryCopy } from "./memory-copy.ts";
import { createOfrep } from "./ofrep/index.ts";
import { addReceiptRoutes, Receipts, scheduleDrills, senderOf } from "./receipts/index.ts";
import { addRulesetRoutes, answerUnchanged, createSnapshots, noteWidened } from "./ruleset/index.ts";
import { fillMemory } from "./start.ts";
import {
  addStreamRoutes,
  countElsewhere,
  createAdmissions,
  createClientPlaces,
  createUnrecorded,
  Hub,
  openStreamsAhead,
  type Streams,
} from "./stream/index.ts";
import { addUsageRoutes } from "./usage/index.ts";

const USAGE_BODY_BYTES = 256 * 1024;

export interface DeliveryOptions {
  database: Database;
  /** Whether it has answered; one that has not is not waited for. */
  databaseReached: boolean;
  fanout: Fanout;
  guard: Guard;
  http: HttpContext;
  vault: Vault;
  log: Logger;
  secrets: { current: string; previous?: string | undefined };
  dataDir: string;
  dataDirPersistent: boolean;
  /** How often each environment's kill lane is tried; 0 never. */
  drillEveryMs: number;
  peers: Peers;
  /** Puts an accepted kill or lift into the database and on the record; the write side knows how. */
  record: RecordFact;
  /** Puts back what an older backup or a failover lost. */
  restoreKills(lost: LostKills): Promise<void>;
}

/** What SDKs read, and the kill lane. */
export interface Delivery {
  /** Polls for what has not changed, and streams of servers. */
  ahead: Ahead;
  router: Router;
  receipts: Pick<Receipts, "ofKill" | "listen" | "connected">;
  /** Resolves once what was accepted of a kill is in the database, or that does not answer. Never rejects. */
  killSettled(kill: string): Promise<void>;
  /** Whether this node has what it needs to answer SDKs. */
  isReady(): boolean;
  /** Sends SDKs to other nodes, and answers whoever waits for receipts. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export async function createDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { database, fanout, guard, vault, log } = options;
  const environments = createEnvironments({ reader: createReader(database), fanout, log });
  const projectIndex = createProjectIndex(database, fanout, log);
  const snapshots = createSnapshots((environment, widened) => noteWidened(log, environment, widened));
  const hub = new Hub({ environments, snapshots, fanout, keys: guard.keys });
  const elsewhere = countElsewhere(fanout);
  const receipts = new Receipts({ environments, fanout, hub, database, log });
  const { namespaces: instances } = createSigner(options.secrets.current, options.secrets.previous);
  const copy = openMemoryCopy({ ...options, instances, environments, projectIndex });
  // Before the memory is filled: it hears there which kills the database has lost.
  const lane = openKillLane({ ...options, environments, journal: openJournal(options.dataDir) });
  const memory = await fillMemory({ ...options, environments, projectIndex, copy });

  const routes = createRouter(options.http);
  addRulesetRoutes(routes, { environments, snapshots, vault });
  const streams: Streams = {
    hub,
    unrecorded: createUnrecorded(fanout),
    joined: ({ req, actor, connection }) => receipts.opened(senderOf(req.headers, actor), connection),
  };
  const admission = createAdmissions();
  const takePlace = createClientPlaces();
  addStreamRoutes(routes, { ...streams, environments, vault, admission, takePlace });
  addReceiptRoutes(routes, { environments, receipts, database, fanout });
  addKillRoutes(routes, {
    environments,
    projectIndex,
    fanout,
    guard,
    lane,
    peers: options.peers,
    connected: (environmentId) => hub.count(environmentId) + elsewhere(environmentId),
    limitToken: createTokenLimit(),
    unrecorded: (environment) => streams.unrecorded.of(environment),
    scope: () => receipts.scope,
    receiptsOf: (kill) => receipts.ofKill(kill),
    confirmed: (kill, waitMs) => receipts.settled(kill, waitMs),
  });
  const usage = createRouter(options.http, { bodyLimitBytes: USAGE_BODY_BYTES });
  addUsageRoutes(usage, { database, fanout, environments });
  const ofrep = createOfrep({
    ...options,
    environments,
    snapshots,
    keys: guard.keys,
    takePlace,
    isDraining: () => hub.draining,
  });
  const router = createExpressRouter();
  router.use(["/sdk", "/ofrep"], sdkCors);
  router.use(routes.router, usage.router, ofrep.router);

  const drills = scheduleDrills({
    database,
    fanout,
    environments,
    receipts,
    log,
    everyMs: options.drillEveryMs,
  });
  const { keys } = guard;
  const answersUnchanged = answerUnchanged({ keys, environments, snapshots });
  const opensStream = openStreamsAhead({ ...streams, keys, environments, admission: admission.server });
  return {
    ahead: (req, res) => answersUnchanged(req, res) || opensStream(req, res),
    router,
    receipts,
    killSettled: (kill) => lane.settled(kill),
    isReady: memory.isFilled,
    async drain() {
      drills.close();
      receipts.drain();
      ofrep.drain();
      await hub.drain();
    },
    async close() {
      memory.close();
      ofrep.close();
      drills.close();
      await receipts.close();
      streams.unrecorded.close();
      hub.close();
      await lane.close();
      await copy.close();
    },
  };
}
