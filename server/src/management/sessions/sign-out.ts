import type { Actor } from "../../access/index.ts";
import type { Services } from "../services.ts";

/** Ends the session; the announcement cuts the streams that it holds open, on every node. */
export async function signOut(services: Services, actor: Actor, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  await services.guard.sessions.end(token);
  if (actor.kind !== "user") return;
  for (const { projectId } of actor.memberships) services.fanout.announce({ type: "access", projectId });
}
