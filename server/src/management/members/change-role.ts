import type { Member, Role } from "@lanyard/contract";
import { and, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { memberships } from "../../database/schema/index.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { findReplaceable } from "./find-member.ts";

export function changeRole(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; accountId: string; role: Role },
): Promise<Member> {
  const { project, accountId, role } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "member:manage",
    action: "member.role-changed",
    async edit(tx) {
      const member = await findReplaceable(tx, project.id, accountId, role === "owner");
      if (member.role === role) return { unchanged: member };
      await tx
        .update(memberships)
        .set({ role })
        .where(and(eq(memberships.projectId, project.id), eq(memberships.accountId, accountId)));
      return {
        subject: { kind: "member", key: accountId },
        before: member,
        after: { ...member, role },
        changesAccess: true,
        ends: { member: accountId, role },
        result: { ...member, role },
      };
    },
  });
}
