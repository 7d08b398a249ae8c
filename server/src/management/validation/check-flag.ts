import type { Flag } from "@lanyard/evaluation";
import { validateFlag } from "@lanyard/evaluation/validate";
import type { Reader } from "../../database/database.ts";
import { extensions } from "../../extensions.ts";
import { clientFaults, type Fault } from "./client-rule.ts";
import { surroundingsOf } from "./surroundings.ts";

/** Every fault of a flag that is to be saved in an environment, at once; paths point into the flag. */
export async function faultsOfFlag(
  reader: Reader,
  where: { projectId: string; environmentId: string },
  key: string,
  flag: Flag,
): Promise<Fault[]> {
  const surroundings = await surroundingsOf(reader, where, key, flag);
  const faults = validateFlag(key, flag, { ...surroundings, extensions }).map(({ path, message }) => ({
    path,
    message,
  }));
  return [...faults, ...clientFaults(flag, surroundings)];
}
