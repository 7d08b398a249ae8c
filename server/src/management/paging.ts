import { AppError } from "../errors.ts";

/** Where a keyset page ended, opaque to callers. */
export function toCursor(...parts: (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** The parts of a cursor of `length`; a cursor that we did not make is the caller's fault. */
export function fromCursor(cursor: string, length: number): (string | number)[] {
  const parts = parse(cursor);
  if (Array.isArray(parts) && parts.length === length && parts.every(isPart)) return parts;
  throw new AppError("invalid-input", "The cursor is not one that a list has answered.", {
    faults: [{ in: "query", path: "/cursor", message: "is not a cursor of this list" }],
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}

function isPart(part: unknown): part is string | number {
  return (typeof part === "string" && !part.includes("\0")) || Number.isSafeInteger(part);
}

/** One page of rows that were asked for with one more than `limit`. */
export function pageOf<Row>(rows: Row[], limit: number, cursorOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
