import type { Segment } from "@lanyard/evaluation";
import { and, eq, inArray } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { segmentRevisions, segments } from "../../database/schema/index.ts";

/** The live segments of a project by key; all of them, or those named. */
export async function liveSegments(
  reader: Reader,
  projectId: string,
  keys?: string[],
): Promise<Record<string, Segment>> {
  if (keys?.length === 0) return {};
  const rows = await reader
    .select({ key: segments.key, content: segmentRevisions.content })
    .from(segments)
    .innerJoin(
      segmentRevisions,
      and(eq(segmentRevisions.segmentId, segments.id), eq(segmentRevisions.number, segments.number)),
    )
    .where(and(eq(segments.projectId, projectId), keys && inArray(segments.key, keys)));
  return Object.fromEntries(rows.map(({ key, content }) => [key, JSON.parse(content) as Segment]));
}
