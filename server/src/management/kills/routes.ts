import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { liftKill } from "./lift-kill.ts";
import { getKill, listKills } from "./read-kills.ts";

export function killRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/kills", ({ actor, query }) => listKills(services, actor, query));

  on("GET /api/v1/kills/{kill}", ({ actor, params }) => getKill(services, actor, params.kill));

  on("POST /api/v1/kills/{kill}/lift", ({ actor, params, body }) =>
    liftKill(services, actor, { kill: params.kill, ...body }),
  );

  return router;
}
