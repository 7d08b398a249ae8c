import type { Flag, Segment } from "@lanyard/evaluation";
import { references } from "@lanyard/evaluation/validate";
import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagHeads, flags } from "../../database/schema/index.ts";
import { liveSegments, readHeads } from "../live/index.ts";

/** What a definition refers to, directly and through others: all that checking it needs of its environment. */
export interface Surroundings {
  flags: Record<string, Flag>;
  segments: Record<string, Segment>;
}

export async function surroundingsOf(
  reader: Reader,
  where: { projectId: string; environmentId: string },
  key: string,
  flag: Flag,
): Promise<Surroundings> {
  const found: Record<string, Flag> = Object.assign(Object.create(null), { [key]: flag });
  for (let level = [flag]; level.length > 0; ) {
    const wanted = unique(level.flatMap((each) => references(each).flags)).filter((name) => !found[name]);
    const heads = await liveFlags(reader, where, wanted);
    for (const head of heads) found[head.key] = head.flag;
    level = heads.map((head) => head.flag);
  }
  const segments = await reachableSegments(reader, where.projectId, references(flag).segments);
  return { flags: found, segments };
}

/** The named segments and those that they refer to. */
export async function reachableSegments(
  reader: Reader,
  projectId: string,
  keys: string[],
): Promise<Record<string, Segment>> {
  const found: Record<string, Segment> = {};
  for (let wanted = unique(keys); wanted.length > 0; ) {
    const level = await liveSegments(reader, projectId, wanted);
    Object.assign(found, level);
    const inner = Object.values(level).flatMap((segment) => references(segment).segments);
    wanted = unique(inner).filter((key) => !found[key]);
  }
  return found;
}

function liveFlags(reader: Reader, where: { projectId: string; environmentId: string }, keys: string[]) {
  if (keys.length === 0) return Promise.resolve([]);
  return readHeads(
    reader,
    and(
      eq(flags.projectId, where.projectId),
      inArray(flags.key, keys),
      isNull(flags.archivedAt),
      eq(flagHeads.environmentId, where.environmentId),
    ),
  );
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
