import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";

const ACCEPTABLE = /^[\w.-]{1,64}$/;

/** Takes a proxy's `X-Request-Id` where it is harmless, else makes one; says it in the answer. */
export const requestId: RequestHandler = function requestId(req, res, next) {
  res.locals.requestId = setRequestId(req, res);
  next();
};

/** The same for an answer that no middleware sees. */
export function setRequestId({ headers }: IncomingMessage, res: ServerResponse): string {
  const given = headers["x-request-id"];
  const id = typeof given === "string" && ACCEPTABLE.test(given) ? given : randomUUID();
  res.setHeader("X-Request-Id", id);
  return id;
}
