import type { Request } from "express";
import { AppError } from "../errors.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser says where a request comes from; another site's may not ride on a person's cookie. Requests without
 * `Origin` come from no page and carry no cookie that a person did not put there.
 */
export function refuseForeignOrigin(req: Request): void {
  if (SAFE.has(req.method)) return;
  const { origin } = req.headers;
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === req.host) return;
  throw new AppError("origin-refused", "This request comes from another site.");
}
