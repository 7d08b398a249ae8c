import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createProject } from "./create-project.ts";
import { getProject, listProjects } from "./list-projects.ts";

export function projectRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects", async ({ actor }) => ({ items: await listProjects(services, actor) }));

  on("POST /api/v1/projects", ({ actor, body }) => createProject(services, actor, body));

  on("GET /api/v1/projects/{project}", ({ actor, project }) => getProject(services, actor, project.id));

  return router;
}
