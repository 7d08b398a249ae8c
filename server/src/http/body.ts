import type { IncomingHttpHeaders } from "node:http";
import express, { type RequestHandler, Router } from "express";
import { AppError } from "../errors.ts";

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** JSON bodies up to `limitBytes` and 32 levels deep; both are checked before anything is parsed. */
export function jsonBody(limitBytes = MAX_BODY_BYTES): RequestHandler[] {
  return [
    function requireJson(req, _res, next) {
      const hasBody =
        req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
      if (hasBody && !req.is(["application/json", "application/*+json"]))
        throw new AppError("unsupported-media-type", "Send the body as application/json.");
      next();
    },
    express.json({
      limit: limitBytes,
      strict: false,
      type: ["application/json", "application/*+json"],
      verify: (_req, _res, bytes) => refuseDeep(bytes),
    }),
  ];
}

/** Reads larger bodies than the route behind it would, of those whose headers say that they may send them. */
export function largeJsonBody(
  limitBytes: number,
  maySend: (headers: IncomingHttpHeaders) => boolean,
): RequestHandler {
  const read = Router().use(...jsonBody(limitBytes));
  return function readLarge(req, res, next) {
    if (maySend(req.headers)) read(req, res, next);
    else next();
  };
}

/** A parser recurses; a counter does not. */
function refuseDeep(bytes: Buffer): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_DEPTH)
      throw new AppError("invalid-input", `The body is nested deeper than ${MAX_DEPTH} levels.`, {
        faults: [{ in: "body", path: "", message: `nests deeper than ${MAX_DEPTH} levels` }],
      });
  }
}
