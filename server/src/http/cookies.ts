import type { IncomingMessage } from "node:http";
import type { Response } from "express";
import { type Actor, KILL_PASS_SECONDS, SESSION_SECONDS } from "../access/index.ts";
import type { HttpContext } from "./context.ts";

/** The value of one cookie; undefined when absent. */
export function readCookie(req: IncomingMessage, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** The session's token, where the browser sent one. */
export function sessionToken(context: HttpContext, req: IncomingMessage): string | undefined {
  return readCookie(req, context.sessionCookie);
}

/** What lets a person kill while the database is away, where the browser sent it. */
export function killPass(context: HttpContext, req: IncomingMessage): string | undefined {
  return readCookie(req, killPassCookie(context));
}

/** Unreadable by scripts; Lax, so that a link from a chat opens signed in, while foreign writes are refused by origin. */
export function setSessionCookies(
  context: HttpContext,
  res: Response,
  session: { token: string; killPass: string },
): void {
  res.cookie(context.sessionCookie, session.token, {
    ...attributes(context),
    maxAge: SESSION_SECONDS * 1_000,
  });
  setKillPass(context, res, session.killPass);
}

/** Keeps the pass of a person whom the database has just confirmed at what it says of them. */
export function renewKillPass(context: HttpContext, req: IncomingMessage, res: Response, actor: Actor): void {
  const token = sessionToken(context, req);
  if (actor.kind !== "user" || token === undefined) return;
  const { passes } = context.guard;
  const held = killPass(context, req);
  if (held === undefined || !passes.isCurrent(held, token, actor))
    setKillPass(context, res, passes.make(token, actor));
}

/** No page of another site can have it sent along. */
function setKillPass(context: HttpContext, res: Response, pass: string): void {
  res.cookie(killPassCookie(context), pass, {
    ...attributes(context),
    sameSite: "strict",
    maxAge: KILL_PASS_SECONDS * 1_000,
  });
}

export function clearSessionCookies(context: HttpContext, res: Response): void {
  res.clearCookie(context.sessionCookie, attributes(context));
  res.clearCookie(killPassCookie(context), { ...attributes(context), sameSite: "strict" });
}

function killPassCookie({ sessionCookie }: HttpContext): string {
  return `${sessionCookie}-kill`;
}

function attributes(context: HttpContext) {
  const secure = context.sessionCookie.startsWith("__Host-");
  return { httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
}
