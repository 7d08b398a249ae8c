import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { deleteAttribute } from "./delete-attribute.ts";
import { listAttributes } from "./list-attributes.ts";
import { saveAttribute } from "./save-attribute.ts";

export function attributeRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects/{project}/attributes", async ({ project }) => ({
    items: await listAttributes(services.database.read, project.id),
  }));

  on("PUT /api/v1/projects/{project}/attributes/{name}", ({ actor, project, params, body }) =>
    saveAttribute(services, actor, { project, attribute: { name: params.name, ...body } }),
  );

  on("DELETE /api/v1/projects/{project}/attributes/{name}", ({ actor, project, params }) =>
    deleteAttribute(services, actor, { project, name: params.name }),
  );

  return router;
}
