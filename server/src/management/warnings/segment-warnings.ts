import type { Warning } from "@lanyard/contract";
import type { Segment } from "@lanyard/evaluation";
import { references } from "@lanyard/evaluation/validate";
import type { Reader } from "../../database/database.ts";
import type { EnvironmentRow } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { publicAttributes, reachableSegments } from "../validation/index.ts";
import { warningsOf } from "./decide.ts";
import { usesOf } from "./uses.ts";

/** A flag that is decided by a segment, in one environment. */
export interface SegmentUser {
  flag: string;
  audience: string;
  /** Its key. */
  environment: string;
}

/** Who may not understand the flags that are decided by a segment as it is saved; paths point into the segment. */
export async function warningsOfSegment(
  { connected }: Pick<Services, "connected">,
  reader: Reader,
  environments: EnvironmentRow[],
  content: Segment,
  users: SegmentUser[],
): Promise<Warning[]> {
  const [first] = environments;
  if (!first || users.length === 0) return [];
  const { projectId } = first;
  const segments = await reachableSegments(reader, projectId, references(content).segments);
  return warningsOf({
    uses: usesOf(content, segments, "/content"),
    browsers: {
      flags: keysOf(users.filter(({ audience }) => audience === "client")),
      publicAttributes: await publicAttributes(reader, projectId),
    },
    places: environments.map(({ id, key }) => ({
      environment: key,
      flags: keysOf(users.filter(({ environment }) => environment === key)),
      connected: connected(id),
    })),
  });
}

function keysOf(users: SegmentUser[]): string[] {
  return [...new Set(users.map(({ flag }) => flag))];
}
