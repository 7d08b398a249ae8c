import type { Permission } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { projects } from "../database/schema/index.ts";
import { notFound } from "../errors.ts";
import { type Actor, requirePermission } from "./actor.ts";

export interface ProjectRef {
  id: string;
  key: string;
}

/** The project of that key, if `actor` may do `permission` in it; strangers hear `not-found`. */
export async function authoriseProject(
  database: Database,
  actor: Actor,
  key: string,
  permission: Permission,
): Promise<ProjectRef> {
  const project = await findProject(database, actor, key);
  if (!project) throw notFound("project");
  requirePermission(actor, project.id, permission);
  return project;
}

async function findProject(database: Database, actor: Actor, key: string): Promise<ProjectRef | undefined> {
  if (actor.kind === "user") {
    const membership = actor.memberships.find((candidate) => candidate.projectKey === key);
    return membership && { id: membership.projectId, key };
  }
  const [project] = await database.read
    .select({ id: projects.id, key: projects.key })
    .from(projects)
    .where(eq(projects.key, key));
  return project;
}
