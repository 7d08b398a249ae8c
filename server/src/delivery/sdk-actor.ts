import type { Request } from "express";
import { type Actor, type SignedContext, type Vault, verifyContext } from "../access/index.ts";
import { AppError } from "../errors.ts";

export type SdkActor = Extract<Actor, { kind: "sdk" }>;

/** The SDK key that calls, if it may be used from where the request comes. */
export function sdkActor({ actor, req }: { actor: Actor; req: Request }): SdkActor {
  if (actor.kind !== "sdk") throw new AppError("forbidden", "Only an SDK key can be used here.");
  const { origin } = req.headers;
  if (origin === undefined) return actor;
  if (actor.audience === "server")
    throw new AppError("origin-refused", "A server key is secret: it must not be used in a browser.");
  if (!actor.origins.includes("*") && !actor.origins.includes(origin))
    throw new AppError("origin-refused", "The key's list of origins does not name this one.");
  return actor;
}

/** What is verified of whoever has no signed context. */
export const ANONYMOUS: SignedContext = { verified: {}, believedUntil: Number.POSITIVE_INFINITY };

/** What is verified about the user of the page that calls; a token travels in a header, since URLs end up in logs. */
export async function signedContext(actor: SdkActor, req: Request, vault: Vault): Promise<SignedContext> {
  const token = req.headers["lanyard-context"];
  return token === undefined ? ANONYMOUS : verifyContext(actor, String(token), vault);
}
