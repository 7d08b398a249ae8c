import type { Router } from "express";
import { clearSessionCookies, createRouter, sessionToken, setSessionCookies } from "../../http/index.ts";
import { accountOf } from "../accounts/index.ts";
import type { Services } from "../services.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

export function sessionRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("POST /api/v1/session", async ({ body, req, res }) => {
    const replaces = sessionToken(services.http, req);
    const started = await signIn(services, { ...body, address: req.ip ?? "", replaces });
    setSessionCookies(services.http, res, started);
    return started.account;
  });

  on("GET /api/v1/session", ({ actor }) => accountOf(services, actor));

  on("DELETE /api/v1/session", async ({ actor, req, res }) => {
    await signOut(services, actor, sessionToken(services.http, req));
    clearSessionCookies(services.http, res);
  });

  return router;
}
