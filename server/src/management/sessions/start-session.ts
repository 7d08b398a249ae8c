import type { Account } from "@lanyard/contract";
import { AppError } from "../../errors.ts";
import { accountOf } from "../accounts/index.ts";
import type { Services } from "../services.ts";

export interface StartedSession {
  token: string;
  killPass: string;
  account: Account;
}

/** A new session for a person who has just proved who they are; `replaces` ends the one the browser had. */
export async function startSession(
  services: Services,
  accountId: string,
  replaces?: string,
): Promise<StartedSession> {
  const { sessions, passes } = services.guard;
  if (replaces) await sessions.end(replaces);
  const { token } = await sessions.start(accountId);
  const actor = await sessions.find(token);
  if (!actor) throw new AppError("unauthenticated", "The account is gone.");
  return { token, killPass: passes.make(token, actor), account: await accountOf(services, actor) };
}
