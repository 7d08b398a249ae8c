import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { getChange, listChanges } from "./list-changes.ts";

export function historyRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);
  const { read } = services.database;

  on("GET /api/v1/projects/{project}/changes", ({ project, query }) => listChanges(read, project.id, query));

  on("GET /api/v1/projects/{project}/changes/{change}", ({ project, params }) =>
    getChange(read, project.id, params.change),
  );

  return router;
}
