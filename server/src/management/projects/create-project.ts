import type { Project } from "@lanyard/contract";
import { type Actor, summary } from "../../access/index.ts";
import { notFound } from "../../errors.ts";
import { foundProject } from "../changes/index.ts";
import { listEnvironments } from "../environments/index.ts";
import type { Services } from "../services.ts";

export async function createProject(
  services: Services,
  actor: Actor,
  input: { key: string; name: string },
): Promise<Project> {
  if (actor.kind !== "user" || !actor.instanceAdmin) throw notFound("endpoint");
  const { id, key } = await foundProject(services, { ...input, owner: summary(actor) });
  const environments = await listEnvironments(services.database.read, [id]);
  return { id, key, name: input.name, role: "owner", environments: environments.get(id) ?? [] };
}
