import type { Reader } from "../../database/database.ts";
import type { EnvironmentRow } from "../changes/index.ts";
import type { NewRevision } from "../live/index.ts";
import { type Fault, faultsOfFlag } from "../validation/index.ts";

/**
 * What a new definition would break in each environment. A fault that lies in the targeting, which this edit did not
 * send, is told at the definition, in the environment's name.
 */
export async function definitionFaults(
  reader: Reader,
  projectId: string,
  key: string,
  environments: EnvironmentRow[],
  revisions: NewRevision[],
): Promise<Fault[]> {
  const found = new Map<string, Fault>();
  for (const { environmentId, flag } of revisions) {
    const place = environments.find(({ id }) => id === environmentId)?.key ?? environmentId;
    for (const { path, message } of await faultsOfFlag(reader, { projectId, environmentId }, key, flag)) {
      const fault = isDefinition(path)
        ? { path, message }
        : {
            path: flag.audience === "client" ? "/audience" : "/variations",
            message: `in ${place}, at ${path}: ${message}`,
          };
      found.set(JSON.stringify(fault), fault);
    }
  }
  return [...found.values()];
}

function isDefinition(path: string): boolean {
  return path === "/off" || path.startsWith("/variations");
}
