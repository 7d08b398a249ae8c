import type { Segment } from "@lanyard/evaluation";
import { and, eq, isNull } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { flagHeads, flags } from "../../database/schema/index.ts";
import { type Head, liveSegments, readHeads } from "../live/index.ts";
import { clientFaults, type Fault } from "./client-rule.ts";

interface BrokenFlag {
  key: string;
  faults: Fault[];
}

/** Flags that browsers could not decide any more with that content of a segment. */
export async function brokenClientFlags(
  reader: Reader,
  projectId: string,
  proposal: { key: string; content: Segment },
): Promise<BrokenFlag[]> {
  const heads = await clientHeads(reader, projectId);
  if (heads.length === 0) return [];
  const segments = await liveSegments(reader, projectId);
  segments[proposal.key] = proposal.content;
  return heads.flatMap(({ key, flag }) => {
    const faults = clientFaults(flag, { flags: {}, segments });
    return faults.length > 0 ? [{ key, faults }] : [];
  });
}

/** The live flags for browsers, in every environment. */
export function clientHeads(reader: Reader, projectId: string): Promise<Head[]> {
  const isClient = eq(flagHeads.audience, "client");
  return readHeads(reader, and(eq(flags.projectId, projectId), isNull(flags.archivedAt), isClient));
}
