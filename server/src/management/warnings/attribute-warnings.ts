import type { Warning } from "@lanyard/contract";
import { operators } from "@lanyard/evaluation/operators";
import type { Reader } from "../../database/database.ts";
import { liveSegments } from "../live/index.ts";
import { clientHeads } from "../validation/index.ts";
import { warningsOf } from "./decide.ts";
import { usesOf } from "./uses.ts";

const PATH = "/visibility";

/** Which flags ask pages for what they may not have, once they test this attribute themselves. */
export async function warningsOfPublicAttribute(
  reader: Reader,
  projectId: string,
  attribute: string,
): Promise<Warning[]> {
  const heads = await clientHeads(reader, projectId);
  if (heads.length === 0) return [];
  const segments = await liveSegments(reader, projectId);
  const tested = heads.map(({ key, flag }) => {
    const uses = usesOf(flag, segments, "").filter((use) => use.attribute === attribute);
    return { key, operators: new Set(uses.map(({ name }) => name)) };
  });
  return operators.flatMap(({ name }) =>
    warningsOf({
      uses: [{ kind: "operator", name, attribute, path: PATH }],
      browsers: {
        flags: [...new Set(tested.filter((flag) => flag.operators.has(name)).map(({ key }) => key))],
        publicAttributes: new Set([attribute]),
      },
      places: [],
    }),
  );
}
