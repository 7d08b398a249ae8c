import type { Segment } from "@lanyard/evaluation";
import { references, validateSegment } from "@lanyard/evaluation/validate";
import type { Reader } from "../../database/database.ts";
import { extensions } from "../../extensions.ts";
import { brokenClientFlags } from "./client-flags.ts";
import type { Fault } from "./client-rule.ts";
import { reachableSegments } from "./surroundings.ts";

/** Every fault of a segment that is to be saved, at once; paths point into the segment. */
export async function faultsOfSegment(
  reader: Reader,
  projectId: string,
  key: string,
  content: Segment,
): Promise<Fault[]> {
  const segments = await reachableSegments(reader, projectId, references(content).segments);
  const faults = validateSegment(key, content, { flags: {}, segments, extensions });
  const broken = await brokenClientFlags(reader, projectId, { key, content });
  return [
    ...faults.map(({ path, message }) => ({ path, message })),
    ...broken.flatMap((flag) =>
      flag.faults.map(({ message }) => ({
        path: "",
        message: `"${flag.key}" is a flag for browsers. ${message}`,
      })),
    ),
  ];
}
