import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "../../database/database.ts";
import { accounts, invitations, memberships } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { findAccount } from "../accounts/index.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { type StartedSession, startSession, verifyPassword } from "../sessions/index.ts";
import { findInvitation } from "./token.ts";

export interface AcceptInvitation {
  token: string;
  name: string;
  password: string;
  address: string;
  replaces: string | undefined;
}

interface Person {
  id: string;
  name: string;
  /** Absent for somebody who had an account before. */
  passwordHash?: string;
}

/** Makes the account, or takes the one that the address has, whose password it then asks for. */
export async function acceptInvitation(services: Services, input: AcceptInvitation): Promise<StartedSession> {
  const { invitation } = await findInvitation(services.database.read, input.token);
  const person = await identify(services, invitation.email, input);
  await join(services, invitation, person);
  return startSession(services, person.id, input.replaces);
}

async function identify(services: Services, email: string, input: AcceptInvitation): Promise<Person> {
  if (await findAccount(services.database.read, email))
    return verifyPassword(services, { email, password: input.password, address: input.address }).then(
      ({ id, name }) => ({ id, name }),
    );
  return { id: newId("acc"), name: input.name, passwordHash: await services.passwords.hash(input.password) };
}

function join(
  services: Services,
  invitation: typeof invitations.$inferSelect,
  person: Person,
): Promise<void> {
  const { projectId, role, email } = invitation;
  const actor = {
    ...{ kind: "user" as const, id: person.id, name: person.name, email },
    ...{ instanceAdmin: false, memberships: [] },
  };
  return applyChange(services, actor, {
    projectId,
    permission: "by-invitation",
    action: "member.joined",
    async edit(tx) {
      await spend(tx, invitation.id);
      if (person.passwordHash !== undefined) await makeAccount(tx, email, person);
      await tx
        .insert(memberships)
        .values({ projectId, accountId: person.id, role })
        .onConflictDoNothing({ target: [memberships.projectId, memberships.accountId] });
      return {
        subject: { kind: "member", key: person.id },
        before: null,
        after: { email, name: person.name, role },
        changesAccess: true,
        result: undefined,
      };
    },
  });
}

async function spend(tx: Transaction, id: string): Promise<void> {
  const spent = await tx
    .update(invitations)
    .set({ acceptedAt: new Date() })
    .where(and(eq(invitations.id, id), isNull(invitations.acceptedAt)))
    .returning({ id: invitations.id });
  if (spent.length === 0) throw new AppError("link-expired", "This invitation has been used.");
}

async function makeAccount(
  tx: Transaction,
  email: string,
  { id, name, passwordHash }: Person,
): Promise<void> {
  const [made] = await tx
    .insert(accounts)
    .values({ id, email, name, passwordHash: passwordHash ?? "" })
    .onConflictDoNothing({ target: accounts.email })
    .returning({ id: accounts.id });
  if (!made)
    throw new AppError("already-exists", "An account was made for this address just now: try again.");
}
