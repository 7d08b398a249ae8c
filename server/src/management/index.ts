import { Router } from "express";
import { createAttempts, createPasswords } from "../access/index.ts";
import { environmentRoutes } from "./environments/index.ts";
import { flagRoutes } from "./flags/index.ts";
import { keyRoutes, noteKeyUse } from "./keys/index.ts";
import { killRoutes, startKillExpiry } from "./kills/index.ts";
import { projectRoutes } from "./projects/index.ts";
import type { Services, Surroundings } from "./services.ts";
import { sessionRoutes } from "./sessions/index.ts";
import { ensureSetup, setupRoutes } from "./setup/index.ts";

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
  };
  const stopNoting = noteKeyUse(services);
  const killExpiry = startKillExpiry(services);
  return {
    router: managementRouter(services),
    async setupLink() {
      const token = await ensureSetup(services.database);
      return token && new URL(`/setup#token=${token}`, services.publicUrl).href;
    },
    async close() {
      await stopNoting();
      await killExpiry.close();
    },
  };
}

function managementRouter(services: Services): Router {
  const router = Router();
  for (const feature of FEATURES) router.use(feature(services));
  return router;
}

const FEATURES: ((services: Services) => Router)[] = [
  setupRoutes,
  sessionRoutes,
  projectRoutes,
  environmentRoutes,
  flagRoutes,
  keyRoutes,
  killRoutes,
];

export { recordKill } from "./kills/index.ts";
