import type { Flag } from "@lanyard/evaluation";
import { and, eq, type SQL } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagHeads, flagRevisions, flags } from "../../database/schema/index.ts";

/** What is live of one flag in one environment. */
export interface Head {
  flagId: string;
  key: string;
  archived: boolean;
  environmentId: string;
  /** The revision; the next save's `If-Match`. */
  number: number;
  flag: Flag;
  createdAt: Date;
}

/** The live revisions that `condition` picks; it may name the columns of flags, heads and revisions. */
export async function readHeads(reader: Reader, condition: SQL | undefined): Promise<Head[]> {
  const rows = await reader
    .select({
      flagId: flags.id,
      key: flags.key,
      archivedAt: flags.archivedAt,
      environmentId: flagHeads.environmentId,
      number: flagHeads.number,
      content: flagRevisions.content,
      createdAt: flagRevisions.createdAt,
    })
    .from(flags)
    .innerJoin(flagHeads, eq(flagHeads.flagId, flags.id))
    .innerJoin(
      flagRevisions,
      and(
        eq(flagRevisions.flagId, flagHeads.flagId),
        eq(flagRevisions.environmentId, flagHeads.environmentId),
        eq(flagRevisions.number, flagHeads.number),
      ),
    )
    .where(condition);
  return rows.map(({ archivedAt, content, ...row }) => ({
    ...row,
    archived: archivedAt !== null,
    flag: JSON.parse(content) as Flag,
  }));
}
