import type { Role } from "@lanyard/contract";
import { and, eq, isNull } from "drizzle-orm";
import { type Actor, hashSecret, newSecret, type ProjectRef } from "../../access/index.ts";
import { accounts, invitations, memberships } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";

const VALID_MS = 24 * 3_600_000;

/** The link is in this answer only; a new one for the same address replaces the one before. */
export function createInvitation(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; email: string; role: Role },
): Promise<{ id: string; link: string; expiresAt: string }> {
  const { project, email, role } = input;
  const token = newSecret("lyd_inv_");
  const expiresAt = new Date(Date.now() + VALID_MS);
  const id = newId("inv");
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "member:manage",
    action: "member.invited",
    async edit(tx) {
      const [member] = await tx
        .select({ id: accounts.id })
        .from(accounts)
        .innerJoin(memberships, eq(memberships.accountId, accounts.id))
        .where(and(eq(accounts.email, email), eq(memberships.projectId, project.id)));
      if (member) throw new AppError("already-exists", `${email} is a member already.`);
      await tx
        .delete(invitations)
        .where(
          and(
            eq(invitations.projectId, project.id),
            eq(invitations.email, email),
            isNull(invitations.acceptedAt),
          ),
        );
      await tx.insert(invitations).values({
        ...{ id, projectId: project.id, email, role, expiresAt },
        tokenHash: hashSecret(token),
      });
      const link = new URL(`/invitation#token=${token}`, services.publicUrl).href;
      return {
        subject: { kind: "invitation", key: id },
        before: null,
        after: { email, role },
        result: { id, link, expiresAt: expiresAt.toISOString() },
      };
    },
  });
}
