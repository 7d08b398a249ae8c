import type { Permission } from "@lanyard/contract";
import { type Actor, requirePermission } from "../../access/index.ts";
import { invalidBody, notFound } from "../../errors.ts";
import type { EnvironmentRow } from "./publication.ts";

export function environmentNamed(environments: EnvironmentRow[], key: string): EnvironmentRow {
  const environment = environments.find((candidate) => candidate.key === key);
  if (!environment) throw notFound("environment");
  return environment;
}

/** What is asked before anything changes in these environments: the right to, and in protected ones a reason. */
export function requirePublish(actor: Actor, touched: EnvironmentRow[], message: string | undefined): void {
  for (const environment of touched)
    requirePermission(
      actor,
      environment.projectId,
      environment.protected ? "flag:publish-protected" : "flag:edit",
      environment.id,
    );
  requireReason(touched, { path: "/message", reason: message });
}

/** In protected environments nothing changes without a word why; `path` is where it is said. */
export function requireReason(
  touched: EnvironmentRow[],
  { path, reason }: { path: string; reason: string | undefined },
): void {
  const guarded = touched.filter((environment) => environment.protected).map(({ key }) => key);
  if (guarded.length > 0 && !reason)
    throw invalidBody([{ path, message: `say why: ${guarded.join(", ")} is protected` }]);
}

/** What counts in every environment needs a caller who may act in every one: a token may be limited to some. */
export function requireEverywhere(actor: Actor, permission: Permission, all: EnvironmentRow[]): void {
  for (const { projectId, id } of all) requirePermission(actor, projectId, permission, id);
}
