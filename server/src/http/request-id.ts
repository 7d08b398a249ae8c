import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";

const ACCEPTABLE = /^[\w.-]{1,64}$/;

/** Takes a proxy's `X-Request-Id` where it is harmless, else makes one; says it in the answer. */
export const requestId: RequestHandler = function requestId(req, res, next) {
  const given = req.get("x-request-id");
  res.locals.requestId = given && ACCEPTABLE.test(given) ? given : randomUUID();
  res.setHeader("X-Request-Id", res.locals.requestId);
  next();
};
