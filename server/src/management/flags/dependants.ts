import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagRevisions, flags } from "../../database/schema/index.ts";
import { type Head, readHeads } from "../live/index.ts";

/** Where live flags name `key` as a prerequisite. */
export async function dependantsOf(reader: Reader, projectId: string, key: string): Promise<Head[]> {
  // The text search only narrows: a value may contain the same words.
  const mentions = sql`position(${`{"flag":${JSON.stringify(key)}`} in ${flagRevisions.content}) > 0`;
  const heads = await readHeads(
    reader,
    and(eq(flags.projectId, projectId), isNull(flags.archivedAt), mentions),
  );
  return heads.filter(({ flag }) => flag.prerequisites.some((prerequisite) => prerequisite.flag === key));
}

export function keysOf(heads: Head[]): string[] {
  return [...new Set(heads.map(({ key }) => key))].sort();
}
