import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { readMetrics } from "./read-metrics.ts";
import { readUsage } from "./read-usage.ts";

export function usageRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on(
    "GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage",
    ({ project, params, query }) => readUsage(services, { ...params, project, minutes: query.minutes }),
  );

  on(
    "GET /api/v1/projects/{project}/environments/{environment}/metrics",
    async ({ project, params, query }) => ({
      metrics: await readMetrics(services, { ...params, project, minutes: query.minutes }),
    }),
  );

  return router;
}
