import { and, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { attributes } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { listAttributes } from "./list-attributes.ts";
import { publishAttribute } from "./publish.ts";

/** Whatever is not registered is private: flags for browsers that test it look at what is verified from now on. */
export function deleteAttribute(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; name: string },
): Promise<void> {
  const { project, name } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "attribute:edit",
    action: "attribute.deleted",
    async edit(tx, { environments }) {
      const [before] = await listAttributes(tx, project.id, name);
      if (!before) throw notFound("attribute");
      const changesBrowsers = before.visibility === "public";
      if (changesBrowsers) requireEverywhere(actor, "attribute:edit", environments);
      await tx.delete(attributes).where(and(eq(attributes.projectId, project.id), eq(attributes.name, name)));
      return {
        subject: { kind: "attribute", key: name },
        before,
        after: null,
        publications: changesBrowsers ? publishAttribute(environments, name, "private") : [],
        result: undefined,
      };
    },
  });
}
