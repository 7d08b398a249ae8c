import { randomBytes } from "node:crypto";
import type { RequestHandler } from "express";
import helmet from "helmet";

/** A strict policy with a fresh nonce an answer: nothing inline, nothing from elsewhere, no frame around us. */
export function securityHeaders(publicUrl: URL): RequestHandler[] {
  const https = publicUrl.protocol === "https:";
  return [
    function makeNonce(_req, res, next) {
      res.locals.cspNonce = randomBytes(18).toString("base64");
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          "default-src": ["'none'"],
          "script-src": ["'self'"],
          "style-src": [
            "'self'",
            (_req, res) => `'nonce-${(res as { locals?: { cspNonce?: string } }).locals?.cspNonce}'`,
          ],
          "img-src": ["'self'", "data:"],
          "font-src": ["'self'"],
          "connect-src": ["'self'"],
          "manifest-src": ["'self'"],
          "base-uri": ["'none'"],
          "form-action": ["'self'"],
          "frame-ancestors": ["'none'"],
        },
      },
      strictTransportSecurity: https ? { maxAge: 15_552_000, includeSubDomains: false } : false,
      crossOriginResourcePolicy: false,
      xPoweredBy: true,
    }),
  ];
}
