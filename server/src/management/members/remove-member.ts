import { and, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { memberships } from "../../database/schema/index.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { findReplaceable } from "./find-member.ts";

export function removeMember(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; accountId: string },
): Promise<void> {
  const { project, accountId } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "member:manage",
    action: "member.removed",
    async edit(tx) {
      const member = await findReplaceable(tx, project.id, accountId, false);
      await tx
        .delete(memberships)
        .where(and(eq(memberships.projectId, project.id), eq(memberships.accountId, accountId)));
      return {
        subject: { kind: "member", key: accountId },
        before: member,
        after: null,
        changesAccess: true,
        ends: { member: accountId, role: null },
        result: undefined,
      };
    },
  });
}
