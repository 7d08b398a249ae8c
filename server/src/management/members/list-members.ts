import type { Member, Role } from "@lanyard/contract";
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { accounts, invitations, memberships } from "../../database/schema/index.ts";

export async function listMembers(reader: Reader, projectId: string): Promise<Member[]> {
  const rows = await reader
    .select({
      accountId: accounts.id,
      email: accounts.email,
      name: accounts.name,
      role: memberships.role,
    })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(eq(memberships.projectId, projectId))
    .orderBy(asc(accounts.name), asc(accounts.id));
  return rows.map((row) => ({ ...row, role: row.role as Role }));
}

export async function listInvitations(reader: Reader, projectId: string) {
  const rows = await reader
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.projectId, projectId),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, new Date()),
      ),
    )
    .orderBy(asc(invitations.email));
  return rows.map(({ id, email, role, expiresAt }) => ({
    id,
    email,
    role: role as Role,
    expiresAt: expiresAt.toISOString(),
  }));
}
