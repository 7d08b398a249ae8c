import type { Attribute, SavedAttribute } from "@lanyard/contract";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { canonicalJson } from "../../canonical-json.ts";
import { attributes } from "../../database/schema/index.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { warningsOfPublicAttribute } from "../warnings/index.ts";
import { listAttributes } from "./list-attributes.ts";
import { publishAttribute } from "./publish.ts";

export function saveAttribute(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; attribute: Attribute },
): Promise<SavedAttribute> {
  const { project, attribute } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "attribute:edit",
    action: "attribute.saved",
    async edit(tx, { environments }) {
      const [before] = await listAttributes(tx, project.id, attribute.name);
      if (before && canonicalJson(before) === canonicalJson(attribute))
        return { unchanged: { ...attribute, warnings: [] } };
      const changesBrowsers = (before?.visibility ?? "private") !== attribute.visibility;
      if (changesBrowsers) requireEverywhere(actor, "attribute:edit", environments);
      await tx
        .insert(attributes)
        .values({ ...attribute, projectId: project.id })
        .onConflictDoUpdate({ target: [attributes.projectId, attributes.name], set: attribute });
      return {
        subject: { kind: "attribute", key: attribute.name },
        before: before ?? null,
        after: attribute,
        publications: changesBrowsers
          ? publishAttribute(environments, attribute.name, attribute.visibility)
          : [],
        result: {
          ...attribute,
          warnings:
            changesBrowsers && attribute.visibility === "public"
              ? await warningsOfPublicAttribute(tx, project.id, attribute.name)
              : [],
        },
      };
    },
  });
}
