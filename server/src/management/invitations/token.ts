import { and, eq, gt, isNull } from "drizzle-orm";
import { hashSecret } from "../../access/index.ts";
import type { Reader } from "../../database/database.ts";
import { invitations, projects } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";

export interface OpenInvitation {
  invitation: typeof invitations.$inferSelect;
  project: typeof projects.$inferSelect;
}

/** The invitation of a link, while it is neither accepted nor over; all else about it stays unsaid. */
export async function findInvitation(reader: Reader, token: string): Promise<OpenInvitation> {
  const [found] = await reader
    .select({ invitation: invitations, project: projects })
    .from(invitations)
    .innerJoin(projects, eq(projects.id, invitations.projectId))
    .where(
      and(
        eq(invitations.tokenHash, hashSecret(token)),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, new Date()),
      ),
    );
  if (!found) throw new AppError("link-expired", "This invitation is no longer valid; ask for another.");
  return found;
}
