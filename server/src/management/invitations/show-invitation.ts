import type { Role } from "@lanyard/contract";
import { findAccount } from "../accounts/index.ts";
import type { Services } from "../services.ts";
import { findInvitation } from "./token.ts";

export async function showInvitation(services: Services, token: string) {
  const { read } = services.database;
  const { invitation, project } = await findInvitation(read, token);
  return {
    email: invitation.email,
    project: project.key,
    projectName: project.name,
    role: invitation.role as Role,
    hasAccount: (await findAccount(read, invitation.email)) !== undefined,
    expiresAt: invitation.expiresAt.toISOString(),
  };
}
