import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";

/** The revision in `If-Match: "7"`; undefined without the header. */
export function ifMatch(req: IncomingMessage): number | undefined {
  const header = req.headers["if-match"];
  if (header === undefined || header === "*") return undefined;
  const revision = header.match(/^"(\d{1,15})"$/)?.[1];
  if (revision === undefined)
    throw new AppError("invalid-input", "If-Match must be a revision in quotes.", {
      faults: [{ in: "header", path: "/if-match", message: 'must be a revision in quotes, such as "7"' }],
    });
  return Number(revision);
}
