import type { ManagedSegment } from "@lanyard/contract";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { environments, flagHeads, flags, segmentRevisions, segments } from "../../database/schema/index.ts";
import type { SegmentUser } from "../warnings/index.ts";

export type UsedBy = ManagedSegment["usedBy"];

/** Who refers to which segment in a project. */
export interface SegmentUsage {
  /** Directly, for people. */
  usedBy(key: string): UsedBy;
  /** The flags whose answer can depend on it, through other segments too, in each environment. */
  users(key: string): SegmentUser[];
}

export async function readSegmentUsage(reader: Reader, projectId: string): Promise<SegmentUsage> {
  const byFlags = await usesByFlags(reader, projectId);
  const bySegments = await usesBySegments(reader, projectId);
  return {
    usedBy(key) {
      const users = new Map<string, string[]>();
      for (const { segment, flag, environment } of byFlags)
        if (segment === key) users.set(flag, [...(users.get(flag) ?? []), environment]);
      return [
        ...[...users].map(([flag, places]) => ({ kind: "flag" as const, key: flag, environments: places })),
        ...bySegments
          .filter(({ segment }) => segment === key)
          .map(({ user }) => ({ kind: "segment" as const, key: user, environments: [] })),
      ];
    },
    users(key) {
      const affected = new Set([key]);
      for (const start of affected)
        for (const { segment, user } of bySegments) if (segment === start) affected.add(user);
      return byFlags.filter(({ segment }) => affected.has(segment));
    },
  };
}

function usesByFlags(reader: Reader, projectId: string) {
  return reader
    .selectDistinct({
      segment: sql<string>`unnest(${flagHeads.usedSegments})`.as("segment"),
      flag: flags.key,
      audience: flagHeads.audience,
      environment: environments.key,
    })
    .from(flags)
    .innerJoin(flagHeads, eq(flagHeads.flagId, flags.id))
    .innerJoin(environments, eq(environments.id, flagHeads.environmentId))
    .where(and(eq(flags.projectId, projectId), isNull(flags.archivedAt)))
    .orderBy(asc(flags.key), asc(environments.key));
}

const inCondition = sql<string>`jsonb_path_query(${segmentRevisions.content}::jsonb -> 'when', '$.**.segment') #>> '{}'`;

function usesBySegments(reader: Reader, projectId: string) {
  return reader
    .selectDistinct({ segment: inCondition.as("segment"), user: segments.key })
    .from(segments)
    .innerJoin(
      segmentRevisions,
      and(eq(segmentRevisions.segmentId, segments.id), eq(segmentRevisions.number, segments.number)),
    )
    .where(
      and(eq(segments.projectId, projectId), sql`position('"segment":' in ${segmentRevisions.content}) > 0`),
    )
    .orderBy(asc(segments.key));
}
