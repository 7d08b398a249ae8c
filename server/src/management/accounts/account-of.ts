import type { Account } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import { type Actor, roleIn } from "../../access/index.ts";
import { projects } from "../../database/schema/index.ts";
import type { Services } from "../services.ts";

/** The caller as the pages show them; a token looks like an account of its one project. */
export async function accountOf(services: Services, actor: Actor): Promise<Account> {
  if (actor.kind === "user")
    return {
      id: actor.id,
      email: actor.email,
      name: actor.name,
      instanceAdmin: actor.instanceAdmin,
      memberships: actor.memberships.map(({ projectKey, projectName, role }) => ({
        project: projectKey,
        projectName,
        role,
      })),
    };
  const projectId = actor.kind === "token" ? actor.projectId : "";
  const role = roleIn(actor, projectId);
  const found = await services.database.read.select().from(projects).where(eq(projects.id, projectId));
  return {
    id: actor.id,
    email: "",
    name: actor.name,
    instanceAdmin: false,
    memberships: role ? found.map(({ key, name }) => ({ project: key, projectName: name, role })) : [],
  };
}
