import { eq } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { environments, projects } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";

/** Where an environment is, in words that a page knows. */
export interface Place {
  projectId: string;
  project: string;
  environment: string;
}

/** Environments by id; keys never change, so what was learnt once holds, also without the database. */
export function createPlaces(database: Database) {
  const known = new Map<string, Place>();
  return {
    note(environmentId: string, counters: { projectId: string; projectKey: string; key: string }): void {
      const { projectId, projectKey, key } = counters;
      if (!known.has(environmentId))
        known.set(environmentId, { projectId, project: projectKey, environment: key });
    },
    async find(environmentId: string): Promise<Place | undefined> {
      const place = known.get(environmentId);
      if (place) return place;
      const [row] = await database.read
        .select({ projectId: projects.id, project: projects.key, environment: environments.key })
        .from(environments)
        .innerJoin(projects, eq(projects.id, environments.projectId))
        .where(eq(environments.id, environmentId));
      if (row) known.set(environmentId, row);
      return row;
    },
    /** Where a project's record stands now. */
    async startOf(projectId: string): Promise<{ projectKey: string; sequence: number }> {
      const [row] = await database.read
        .select({ projectKey: projects.key, sequence: projects.changeSequence })
        .from(projects)
        .where(eq(projects.id, projectId));
      if (!row) throw notFound("project");
      return row;
    },
  };
}
