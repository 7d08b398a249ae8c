import type { IncomingMessage } from "node:http";
import type { Response } from "express";
import { SESSION_COOKIE_SECONDS } from "../access/index.ts";
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

/** Unreadable by scripts; Lax, so that a link from a chat opens signed in, while foreign writes are refused by origin. */
export function setSessionCookie(context: HttpContext, res: Response, token: string): void {
  res.cookie(context.sessionCookie, token, {
    ...attributes(context),
    maxAge: SESSION_COOKIE_SECONDS * 1_000,
  });
}

export function clearSessionCookie(context: HttpContext, res: Response): void {
  res.clearCookie(context.sessionCookie, attributes(context));
}

function attributes(context: HttpContext) {
  const secure = context.sessionCookie.startsWith("__Host-");
  return { httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
}
