import type { Segment } from "@lanyard/evaluation";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagHeads, flags } from "../../database/schema/index.ts";
import { liveSegments, readHeads } from "../live/index.ts";
import { clientFaults, type Fault } from "./client-rule.ts";
import { publicAttributes } from "./public-attributes.ts";

export interface BrokenFlag {
  key: string;
  environmentId: string;
  faults: Fault[];
}

/** What is about to be different for everything that uses it. */
export interface Proposal {
  segment?: { key: string; content: Segment };
  privateAttribute?: string;
}

/** Flags for browsers that the proposal would make tell what they must not. */
export async function brokenClientFlags(
  reader: Reader,
  projectId: string,
  proposal: Proposal,
): Promise<BrokenFlag[]> {
  const isClient = eq(flagHeads.audience, "client");
  const heads = await readHeads(
    reader,
    and(eq(flags.projectId, projectId), isNull(flags.archivedAt), isClient),
  );
  if (heads.length === 0) return [];
  const segments = await liveSegments(reader, projectId);
  if (proposal.segment) segments[proposal.segment.key] = proposal.segment.content;
  const known = await publicAttributes(reader, projectId);
  const isPublic = (name: string) => known.has(name) && name !== proposal.privateAttribute;
  return heads.flatMap(({ key, environmentId, flag }) => {
    const faults = clientFaults(flag, { flags: {}, segments }, isPublic);
    return faults.length > 0 ? [{ key, environmentId, faults }] : [];
  });
}
