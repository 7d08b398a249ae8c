import type { Services } from "../services.ts";
import { type StartedSession, startSession } from "./start-session.ts";
import { type SignIn, verifyPassword } from "./verify-password.ts";

export async function signIn(
  services: Services,
  input: SignIn & { replaces: string | undefined },
): Promise<StartedSession> {
  const account = await verifyPassword(services, input);
  return startSession(services, account.id, input.replaces);
}
