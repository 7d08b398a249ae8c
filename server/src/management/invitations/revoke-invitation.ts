import { and, eq, isNull } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { invitations } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";

export function revokeInvitation(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; id: string },
): Promise<void> {
  return applyChange(services, actor, {
    projectId: input.project.id,
    permission: "member:manage",
    action: "member.invitation-revoked",
    async edit(tx) {
      const [gone] = await tx
        .delete(invitations)
        .where(
          and(
            eq(invitations.id, input.id),
            eq(invitations.projectId, input.project.id),
            isNull(invitations.acceptedAt),
          ),
        )
        .returning({ email: invitations.email, role: invitations.role });
      if (!gone) throw notFound("invitation");
      return { subject: { kind: "invitation", key: input.id }, before: gone, after: null, result: undefined };
    },
  });
}
