import type { Warning } from "@lanyard/contract";
import type { Flag } from "@lanyard/evaluation";
import { references } from "@lanyard/evaluation/validate";
import type { Reader } from "../../database/database.ts";
import type { EnvironmentRow } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { publicAttributes, reachableSegments } from "../validation/index.ts";
import { warningsOf } from "./decide.ts";
import { usesOf } from "./uses.ts";

/** Who may not understand a flag as it is saved in an environment; paths point into the flag's detail. */
export async function warningsOfFlag(
  { connected }: Pick<Services, "connected">,
  reader: Reader,
  { id, key: environment, projectId }: EnvironmentRow,
  key: string,
  flag: Flag,
): Promise<Warning[]> {
  const segments = await reachableSegments(reader, projectId, references(flag).segments);
  const isForBrowsers = flag.audience === "client";
  return warningsOf({
    uses: usesOf(flag, segments, `/environments/${environment}/targeting`),
    browsers: {
      flags: isForBrowsers ? [key] : [],
      publicAttributes: isForBrowsers ? await publicAttributes(reader, projectId) : new Set(),
    },
    places: [{ environment, flags: [key], connected: connected(id) }],
  });
}
