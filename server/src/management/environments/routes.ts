import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createEnvironment } from "./create-environment.ts";
import { editEnvironment } from "./edit-environment.ts";

export function environmentRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("POST /api/v1/projects/{project}/environments", ({ actor, project, body }) =>
    createEnvironment(services, actor, { ...body, project }),
  );

  on("PATCH /api/v1/projects/{project}/environments/{environment}", ({ actor, project, params, body }) =>
    editEnvironment(services, actor, { project, environment: params.environment, patch: body }),
  );

  return router;
}
