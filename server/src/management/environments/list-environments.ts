import type { Environment } from "@lanyard/contract";
import { asc, inArray } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { environments } from "../../database/schema/index.ts";
import type { EnvironmentRow } from "../changes/index.ts";

/** Environments by project, in the order they were made. */
export async function listEnvironments(
  reader: Reader,
  projectIds: string[],
): Promise<Map<string, Environment[]>> {
  const rows = await reader
    .select()
    .from(environments)
    .where(inArray(environments.projectId, projectIds))
    .orderBy(asc(environments.position), asc(environments.id));
  const byProject = new Map<string, Environment[]>(projectIds.map((id) => [id, []]));
  for (const row of rows) byProject.get(row.projectId)?.push(toEnvironment(row));
  return byProject;
}

export function toEnvironment(row: EnvironmentRow): Environment {
  const { id, key, name, epoch, revision } = row;
  return {
    id,
    key,
    name,
    color: row.color as Environment["color"],
    protected: row.protected,
    epoch,
    revision,
  };
}
