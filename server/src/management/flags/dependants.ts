import type { Flag } from "@lanyard/evaluation";
import { and, arrayContains, eq, isNull } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagHeads, flags } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { type Head, readHeads } from "../live/index.ts";

/** Where live flags name `key` as a prerequisite. */
export async function dependantsOf(reader: Reader, projectId: string, key: string): Promise<Head[]> {
  const needs = arrayContains(flagHeads.neededFlags, [key]);
  return readHeads(reader, and(eq(flags.projectId, projectId), isNull(flags.archivedAt), needs));
}

export function keysOf(heads: Head[]): string[] {
  return [...new Set(heads.map(({ key }) => key))].sort();
}

/** Refuses a definition that a dependant could no longer be decided by. */
export async function refuseForDependants(
  reader: Reader,
  projectId: string,
  key: string,
  next: Flag,
): Promise<void> {
  const ids = new Set(next.variations.map(({ id }) => id));
  const broken = (await dependantsOf(reader, projectId, key)).filter(
    ({ flag }) =>
      (flag.audience === "client" && next.audience === "server") ||
      flag.prerequisites.some((each) => each.flag === key && each.variations.some((id) => !ids.has(id))),
  );
  if (broken.length === 0) return;
  throw new AppError("in-use", `Flags that depend on "${key}" could not be decided any more.`, {
    context: { usedBy: keysOf(broken) },
  });
}
