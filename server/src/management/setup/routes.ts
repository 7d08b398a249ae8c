import type { Router } from "express";
import { createRouter, setSessionCookie } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { completeSetup } from "./complete-setup.ts";
import { isSetupNeeded } from "./is-setup-needed.ts";

export function setupRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/setup", async () => ({ needed: await isSetupNeeded(services) }));

  on("POST /api/v1/setup", async ({ body, res }) => {
    const { token, account } = await completeSetup(services, body);
    setSessionCookie(services.http, res, token);
    return account;
  });

  return router;
}
