import type { Router } from "express";
import { clearSessionCookies, createRouter, sessionToken, setSessionCookies } from "../../http/index.ts";
import { accountOf } from "../accounts/index.ts";
import type { Services } from "../services.ts";
import { signIn } from "./sign-in.ts";

export function sessionRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("POST /api/v1/session", async ({ body, req, res }) => {
    const replaces = sessionToken(services.http, req);
    const started = await signIn(services, { ...body, address: req.ip ?? "", replaces });
    setSessionCookies(services.http, res, started);
    return started.account;
  });

  on("GET /api/v1/session", ({ actor }) => accountOf(services, actor));

  on("DELETE /api/v1/session", async ({ req, res }) => {
    const token = sessionToken(services.http, req);
    if (token !== undefined) await services.guard.sessions.end(token);
    clearSessionCookies(services.http, res);
  });

  return router;
}
