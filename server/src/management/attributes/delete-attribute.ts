import { and, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { attributes } from "../../database/schema/index.ts";
import { AppError, notFound } from "../../errors.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { brokenClientFlags } from "../validation/index.ts";
import { listAttributes } from "./list-attributes.ts";

/** Whatever is not registered is private, so flags for browsers that test it stand in the way. */
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
    async edit(tx) {
      const [before] = await listAttributes(tx, project.id, name);
      if (!before) throw notFound("attribute");
      const broken = await brokenClientFlags(tx, project.id, { privateAttribute: name });
      if (broken.length > 0)
        throw new AppError("in-use", `Flags for browsers test "${name}".`, {
          context: { usedBy: [...new Set(broken.map(({ key }) => key))] },
        });
      await tx.delete(attributes).where(and(eq(attributes.projectId, project.id), eq(attributes.name, name)));
      return { subject: { kind: "attribute", key: name }, before, after: null, result: undefined };
    },
  });
}
