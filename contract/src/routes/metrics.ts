import { z } from "zod";
import { route } from "../route.ts";
import { Key, Timestamp } from "../words.ts";

export const Metric = z
  .object({
    metric: z.string(),
    /** How often it was tracked in the window, and the sum of the values that were given. */
    count: z.number(),
    sum: z.number(),
    lastSeenAt: Timestamp,
  })
  .meta({ id: "Metric" });
export type Metric = z.infer<typeof Metric>;

export const metricRoutes = {
  "GET /api/v1/projects/{project}/environments/{environment}/metrics": route({
    summary: "What applications tracked, most often first",
    access: "project:read",
    params: z.object({ project: Key, environment: Key }),
    query: z.object({ minutes: z.coerce.number().int().min(1).max(1440).default(60) }),
    response: z.object({ metrics: z.array(Metric) }),
  }),
};
