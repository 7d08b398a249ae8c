import { Router } from "express";
import { createAttempts, createPasswords } from "../access/index.ts";
import { requireDatabase } from "../http/index.ts";
import { attributeRoutes } from "./attributes/index.ts";
import { createTurns } from "./changes/index.ts";
import { docsRoutes } from "./docs/index.ts";
import { environmentRoutes } from "./environments/index.ts";
import { createEventsHub, eventRoutes } from "./events/index.ts";
import { explainRoutes } from "./explain/index.ts";
import { flagRoutes } from "./flags/index.ts";
import { historyRoutes } from "./history/index.ts";
import { invitationRoutes } from "./invitations/index.ts";
import { keyRoutes, noteKeyUse } from "./keys/index.ts";
import { killRoutes, startKillExpiry } from "./kills/index.ts";
import { memberRoutes } from "./members/index.ts";
import { projectRoutes } from "./projects/index.ts";
import { segmentRoutes } from "./segments/index.ts";
import type { Services, Surroundings } from "./services.ts";
import { sessionRoutes } from "./sessions/index.ts";
import { ensureSetup, setupRoutes } from "./setup/index.ts";
import { usageRoutes } from "./usage/index.ts";

export { recordFact, restoreKills } from "./kills/index.ts";

export interface Management {
  router: Router;
  /** Makes a new one-time link for the first account; undefined once there is one. */
  setupLink(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The write side: all that people change, and what they read of it. */
export function createManagement(surroundings: Surroundings): Management {
  const services: Services = {
    ...surroundings,
    passwords: createPasswords(),
    attempts: createAttempts(),
    inTurn: createTurns(),
  };
  const stopNoting = noteKeyUse(services);
  const expiry = startKillExpiry(services);
  const hub = createEventsHub(services);
  const router = Router();
  router.use("/api", requireDatabase(services.fanout));
  for (const feature of FEATURES) router.use(feature(services));
  router.use(eventRoutes(services, hub));
  return {
    router,
    async setupLink() {
      const token = await ensureSetup(services.database, services.secret);
      return token && new URL(`/setup#token=${token}`, services.publicUrl).href;
    },
    async close() {
      hub.close();
      await Promise.all([expiry.close(), stopNoting()]);
    },
  };
}

const FEATURES: ((services: Services) => Router)[] = [
  setupRoutes,
  sessionRoutes,
  invitationRoutes,
  projectRoutes,
  environmentRoutes,
  memberRoutes,
  keyRoutes,
  attributeRoutes,
  flagRoutes,
  segmentRoutes,
  usageRoutes,
  killRoutes,
  historyRoutes,
  explainRoutes,
  docsRoutes,
];
