import type { Attribute } from "@lanyard/contract";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { attributes } from "../../database/schema/index.ts";
import { invalidBody } from "../../errors.ts";
import { applyChange, canonicalJson } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { brokenClientFlags } from "../validation/index.ts";
import { listAttributes } from "./list-attributes.ts";

export function saveAttribute(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; attribute: Attribute },
): Promise<Attribute> {
  const { project, attribute } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "attribute:edit",
    action: "attribute.saved",
    async edit(tx) {
      const [before] = await listAttributes(tx, project.id, attribute.name);
      if (before && canonicalJson(before) === canonicalJson(attribute)) return { unchanged: attribute };
      if (before?.visibility === "public" && attribute.visibility === "private") {
        const broken = await brokenClientFlags(tx, project.id, { privateAttribute: attribute.name });
        if (broken.length > 0)
          throw invalidBody(
            [...new Set(broken.map(({ key }) => key))].map((key) => ({
              path: "/visibility",
              message: `the flag "${key}" tests it in browsers`,
            })),
          );
      }
      await tx
        .insert(attributes)
        .values({ ...attribute, projectId: project.id })
        .onConflictDoUpdate({ target: [attributes.projectId, attributes.name], set: attribute });
      return {
        subject: { kind: "attribute", key: attribute.name },
        before: before ?? null,
        after: attribute,
        result: attribute,
      };
    },
  });
}
