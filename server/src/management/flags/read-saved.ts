import type { SavedFlag, Warning } from "@lanyard/contract";
import type { Reader } from "../../database/database.ts";
import type { EnvironmentRow } from "../changes/index.ts";
import type { NewRevision } from "../live/index.ts";
import type { Services } from "../services.ts";
import { warningsOfFlag } from "../warnings/index.ts";
import { readFlagDetail } from "./read-detail.ts";

interface SavedRevisions {
  projectId: string;
  key: string;
  environments: EnvironmentRow[];
  /** Empty where nothing that an SDK sees has changed. */
  revisions: Pick<NewRevision, "environmentId" | "flag">[];
}

/** A flag as a change has left it, and who may not understand what it published. */
export async function readSaved(
  services: Services,
  reader: Reader,
  { projectId, key, environments, revisions }: SavedRevisions,
): Promise<SavedFlag> {
  const warnings: Warning[] = [];
  for (const { environmentId, flag } of revisions) {
    const environment = environments.find(({ id }) => id === environmentId);
    if (environment) warnings.push(...(await warningsOfFlag(services, reader, environment, key, flag)));
  }
  return { ...(await readFlagDetail(reader, projectId, key)), warnings };
}
