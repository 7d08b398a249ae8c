import type { Metric } from "@lanyard/contract";
import { and, asc, desc, eq, gte, max, sql, sum } from "drizzle-orm";
import type { ProjectRef } from "../../access/index.ts";
import { environments, metricMinutes } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import type { Services } from "../services.ts";

export interface MetricsRequest {
  project: ProjectRef;
  environment: string;
  minutes: number;
}

/** What applications tracked in the last minutes. */
export async function readMetrics(
  { database }: Services,
  { project, environment, minutes }: MetricsRequest,
): Promise<Metric[]> {
  const [place] = await database.read
    .select({ id: environments.id })
    .from(environments)
    .where(and(eq(environments.projectId, project.id), eq(environments.key, environment)));
  if (!place) throw notFound("environment");
  const count = sum(metricMinutes.count).mapWith(Number);
  const rows = await database.read
    .select({
      metric: metricMinutes.metric,
      count,
      sum: sum(metricMinutes.sum).mapWith(Number),
      lastSeenAt: max(metricMinutes.minute),
    })
    .from(metricMinutes)
    .where(
      and(
        eq(metricMinutes.environmentId, place.id),
        gte(metricMinutes.minute, sql`now() - make_interval(mins => ${minutes})`),
      ),
    )
    .groupBy(metricMinutes.metric)
    .orderBy(desc(count), asc(metricMinutes.metric));
  return rows.map(({ lastSeenAt, ...row }) => ({ ...row, lastSeenAt: (lastSeenAt as Date).toISOString() }));
}
