import { and, eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError, notFound } from "../../errors.ts";

export type FlagRow = typeof flags.$inferSelect;

export async function findFlag(reader: Reader, projectId: string, key: string): Promise<FlagRow> {
  const [flag] = await reader
    .select()
    .from(flags)
    .where(and(eq(flags.projectId, projectId), eq(flags.key, key)));
  if (!flag) throw notFound("flag");
  return flag;
}

/** For edits: an archived flag is only brought back or deleted. */
export async function findLiveFlag(reader: Reader, projectId: string, key: string): Promise<FlagRow> {
  const flag = await findFlag(reader, projectId, key);
  if (flag.archivedAt) throw new AppError("archived", `"${key}" is archived; bring it back first.`);
  return flag;
}
