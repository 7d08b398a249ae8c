import { z } from "zod";
import { AppError } from "../errors.ts";

/** What cursors are made of, as far as PostgreSQL can compare with it; a moment is written in epoch milliseconds. */
export const cursorPart = {
  number: z.int(),
  moment: z
    .int()
    .min(0)
    .max(Date.UTC(9999, 0))
    .transform((at) => new Date(at)),
  text: z.string().refine((text) => !text.includes("\0")),
};

/** Where a keyset page ended, opaque to callers. */
export function toCursor(...parts: (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** The parts of a cursor of that shape; a cursor that we did not make is the caller's fault. */
export function fromCursor<Parts>(cursor: string, shape: z.ZodType<Parts>): Parts {
  const parts = shape.safeParse(parse(cursor));
  if (parts.success) return parts.data;
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

/** One page of rows that were asked for with one more than `limit`. */
export function pageOf<Row>(rows: Row[], limit: number, cursorOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
