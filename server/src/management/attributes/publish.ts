import type { Attribute } from "@lanyard/contract";
import type { EnvironmentRow, Publication } from "../changes/index.ts";

/** What browsers are sent follows from what is public, so a change of that is a revision everywhere. */
export function publishAttribute(
  environments: EnvironmentRow[],
  name: string,
  visibility: Attribute["visibility"],
): Publication[] {
  const content = visibility === "public" ? { visibility } : null;
  return environments.map(({ id }) => ({ environmentId: id, kind: "attribute", key: name, content }));
}
