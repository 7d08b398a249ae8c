import { and, eq } from "drizzle-orm";
import { hashSecret } from "../../access/index.ts";
import { accounts, instance } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { foundProject } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { type StartedSession, startSession } from "../sessions/index.ts";
import { INSTANCE } from "./instance.ts";
import { isSetupNeeded } from "./is-setup-needed.ts";

export interface Setup {
  token: string;
  email: string;
  name: string;
  password: string;
  project: { key: string; name: string };
}

/** Spends the token, makes the first account and its project, and signs in: all or nothing, once. */
export async function completeSetup(services: Services, input: Setup): Promise<StartedSession> {
  const tokenHash = hashSecret(input.token);
  // Looked at before the costly hash; spent only inside the transaction.
  const [pending] = await services.database.read
    .select({ id: instance.id })
    .from(instance)
    .where(eq(instance.setupTokenHash, tokenHash));
  if (!pending) throw await refusal(services);
  const account = {
    id: newId("acc"),
    email: input.email,
    name: input.name,
    passwordHash: await services.passwords.hash(input.password),
    instanceAdmin: true,
  };
  await foundProject(services, {
    ...input.project,
    owner: { kind: "user", id: account.id, name: account.name },
    async prepare(tx) {
      const spent = await tx
        .update(instance)
        .set({ setupTokenHash: null })
        .where(and(eq(instance.id, INSTANCE), eq(instance.setupTokenHash, tokenHash)))
        .returning({ id: instance.id });
      if (spent.length === 0) throw setupDone();
      await tx.insert(accounts).values(account);
    },
  });
  return startSession(services, account.id);
}

async function refusal(services: Services): Promise<AppError> {
  if (!(await isSetupNeeded(services))) return setupDone();
  return new AppError(
    "link-expired",
    "This setup link is not valid. A start of the server prints the one that is.",
  );
}

function setupDone(): AppError {
  return new AppError("setup-done", "This instance has its first account already: sign in.");
}
