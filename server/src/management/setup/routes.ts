import type { Router } from "express";
import { createRouter, setSessionCookies } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { completeSetup } from "./complete-setup.ts";
import { isSetupNeeded } from "./is-setup-needed.ts";

export function setupRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/setup", async () => ({ needed: await isSetupNeeded(services) }));

  on("POST /api/v1/setup", async ({ body, res }) => {
    const started = await completeSetup(services, body);
    setSessionCookies(services.http, res, started);
    return started.account;
  });

  return router;
}
