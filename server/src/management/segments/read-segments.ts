import type { ManagedSegment } from "@lanyard/contract";
import type { Segment } from "@lanyard/evaluation";
import { and, asc, eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { segmentRevisions, segments } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { readSegmentUsage, type SegmentUsage } from "./usage.ts";

export interface SegmentRow {
  row: typeof segments.$inferSelect;
  content: Segment;
}

export async function listSegments(reader: Reader, projectId: string): Promise<ManagedSegment[]> {
  const usage = await readSegmentUsage(reader, projectId);
  const rows = await readRows(reader, projectId);
  return rows.map((segment) => presentSegment(segment, usage));
}

export async function getSegment(reader: Reader, projectId: string, key: string): Promise<ManagedSegment> {
  const segment = await findSegment(reader, projectId, key);
  return presentSegment(segment, await readSegmentUsage(reader, projectId));
}

export async function findSegment(reader: Reader, projectId: string, key: string): Promise<SegmentRow> {
  const [found] = await readRows(reader, projectId, key);
  if (!found) throw notFound("segment");
  return found;
}

async function readRows(reader: Reader, projectId: string, key?: string): Promise<SegmentRow[]> {
  const rows = await reader
    .select({ row: segments, content: segmentRevisions.content })
    .from(segments)
    .innerJoin(
      segmentRevisions,
      and(eq(segmentRevisions.segmentId, segments.id), eq(segmentRevisions.number, segments.number)),
    )
    .where(and(eq(segments.projectId, projectId), key === undefined ? undefined : eq(segments.key, key)))
    .orderBy(asc(segments.key));
  return rows.map(({ row, content }) => ({ row, content: JSON.parse(content) as Segment }));
}

function presentSegment({ row, content }: SegmentRow, usage: SegmentUsage): ManagedSegment {
  const { hash: _hash, ...rest } = content;
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    description: row.description,
    content: rest,
    revision: row.number,
    version: row.version,
    usedBy: usage.usedBy(row.key),
    updatedAt: row.updatedAt.toISOString(),
  };
}
