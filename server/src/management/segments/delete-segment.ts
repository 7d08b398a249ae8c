import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { segments } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { publishSegment } from "./publish.ts";
import { getSegment } from "./read-segments.ts";

export function deleteSegment(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; segment: string },
): Promise<void> {
  const { project, segment: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "segment:edit",
    action: "segment.deleted",
    async edit(tx, { environments }) {
      requireEverywhere(actor, "segment:edit", environments);
      const { id, name, description, content, usedBy } = await getSegment(tx, project.id, key);
      if (usedBy.length > 0)
        throw new AppError("in-use", `The segment "${key}" is still used.`, { context: { usedBy } });
      await tx.delete(segments).where(eq(segments.id, id));
      return {
        subject: { kind: "segment", key },
        before: { name, description, content },
        after: null,
        publications: publishSegment(environments, key, null),
        result: undefined,
      };
    },
  });
}
