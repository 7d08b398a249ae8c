import type { Project } from "@lanyard/contract";
import { asc, inArray } from "drizzle-orm";
import { type Actor, roleIn } from "../../access/index.ts";
import type { Reader } from "../../database/database.ts";
import { projects } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { listEnvironments } from "../environments/index.ts";
import type { Services } from "../services.ts";

/** The projects that the caller has a role in. */
export async function listProjects(services: Services, actor: Actor): Promise<Project[]> {
  const ids =
    actor.kind === "user"
      ? actor.memberships.map(({ projectId }) => projectId)
      : actor.kind === "token"
        ? [actor.projectId]
        : [];
  return readProjects(services.database.read, actor, ids);
}

export async function getProject(services: Services, actor: Actor, id: string): Promise<Project> {
  const [project] = await readProjects(services.database.read, actor, [id]);
  if (!project) throw notFound("project");
  return project;
}

async function readProjects(reader: Reader, actor: Actor, ids: string[]): Promise<Project[]> {
  if (ids.length === 0) return [];
  const [rows, environments] = await Promise.all([
    reader.select().from(projects).where(inArray(projects.id, ids)).orderBy(asc(projects.name)),
    listEnvironments(reader, ids),
  ]);
  return rows.flatMap(({ id, key, name }) => {
    const role = roleIn(actor, id);
    return role ? [{ id, key, name, role, environments: environments.get(id) ?? [] }] : [];
  });
}
