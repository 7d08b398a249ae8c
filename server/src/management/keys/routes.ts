import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createKey } from "./create-key.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";

export function keyRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects/{project}/keys", async ({ project }) => ({
    items: await listKeys(services, project.id),
  }));

  on("POST /api/v1/projects/{project}/keys", ({ actor, project, body }) =>
    createKey(services, actor, { project, key: body }),
  );

  on("DELETE /api/v1/projects/{project}/keys/{key}", ({ actor, project, params }) =>
    revokeKey(services, actor, { project, id: params.key }),
  );

  return router;
}
