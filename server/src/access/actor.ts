import type { ActorSummary, Permission, Role } from "@lanyard/contract";
import type { StoredVerification } from "../database/schema/index.ts";
import { AppError, notFound } from "../errors.ts";
import { roleAllows } from "./permissions.ts";

/** Who is calling: one value, told apart by `kind`. */
export type Actor =
  | UserActor
  | { kind: "token"; id: string; name: string; projectId: string; environmentIds: string[]; role: Role }
  | KillTokenActor
  | SdkActor
  | { kind: "system"; id: "system"; name: string };

export interface KillTokenActor {
  kind: "kill-token";
  id: string;
  name: string;
  projectId: string;
  environmentIds: string[];
  /** Whether a resolved alert lifts the kill of its own episode. */
  liftsOnResolve: boolean;
}

export interface UserActor {
  kind: "user";
  id: string;
  name: string;
  email: string;
  instanceAdmin: boolean;
  memberships: Membership[];
}

export interface Membership {
  projectId: string;
  projectKey: string;
  projectName: string;
  role: Role;
  /** The project's access counter when the role was read. */
  access: number;
}

export interface SdkActor {
  kind: "sdk";
  id: string;
  name: string;
  /** What the key may see. */
  audience: "server" | "client";
  projectId: string;
  environmentId: string;
  /** Of a client key: exact origins, or `*`. */
  origins: string[];
  /** Of a client key that believes signed contexts. */
  verification: StoredVerification | undefined;
}

/** The caller's role in a project; none for strangers, and for keys that are no role's. */
export function roleIn(actor: Actor, projectId: string): Role | undefined {
  switch (actor.kind) {
    case "user":
      return actor.memberships.find((membership) => membership.projectId === projectId)?.role;
    case "token":
      return actor.projectId === projectId ? actor.role : undefined;
    case "system":
      return "owner";
    case "kill-token":
    case "sdk":
      return undefined;
  }
}

/**
 * Throws unless `actor` may do `permission` in the project, and in `environmentId` where one is named:
 * `not-found` for strangers, `forbidden` for those who may know that the project exists.
 */
export function requirePermission(
  actor: Actor,
  projectId: string,
  permission: Permission,
  environmentId?: string,
): void {
  const role = roleIn(actor, projectId);
  if (!role) throw notFound("project");
  if (!roleAllows(role, permission))
    throw new AppError(
      "forbidden",
      `A ${role} may not do this (it needs ${permission}); ask an owner of the project.`,
    );
  if (environmentId !== undefined && !coversEnvironment(actor, environmentId))
    throw new AppError("forbidden", "This token is not valid for that environment.");
}

/** Tokens may be limited to some environments; people are not. */
export function coversEnvironment(actor: Actor, environmentId: string): boolean {
  if (actor.kind !== "token" && actor.kind !== "kill-token") return true;
  return actor.environmentIds.length === 0 || actor.environmentIds.includes(environmentId);
}

/** As the record and the pages show them. */
export function summary(actor: Actor): ActorSummary {
  const kind = actor.kind === "sdk" ? "system" : actor.kind;
  return { kind, id: actor.id, name: actor.name };
}
