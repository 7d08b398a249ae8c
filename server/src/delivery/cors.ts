import type { RequestHandler } from "express";

/**
 * A preflight carries no key, so it answers any origin; the key's own list is enforced on the request. Nothing here
 * rides on a cookie, so reading an answer needs the key itself.
 */
export const sdkCors: RequestHandler = function sdkCors(req, res, next) {
  res.setHeader("Vary", "Origin");
  const { origin } = req.headers;
  if (origin === undefined) {
    next();
    return;
  }
  res.setHeader("Access-Control-Allow-Origin", origin);
  res.setHeader("Access-Control-Expose-Headers", "ETag, Retry-After");
  if (req.method !== "OPTIONS") {
    next();
    return;
  }
  res.setHeader("Access-Control-Allow-Methods", "GET, POST");
  res.setHeader(
    "Access-Control-Allow-Headers",
    "Authorization, Content-Type, If-None-Match, Lanyard-Context, Lanyard-Instance, Lanyard-Sdk, X-API-Key",
  );
  res.setHeader("Access-Control-Max-Age", "7200");
  res.status(204).end();
};
