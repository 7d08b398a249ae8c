import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { findFlag } from "./find-flag.ts";
import { readFlagDetail } from "./read-detail.ts";
import { refuseKilled } from "./refuse-killed.ts";

/** SDKs lost it when it was archived; its publications and its record stay. */
export function deleteFlag(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; flag: string },
): Promise<void> {
  const { project, flag: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:delete",
    action: "flag.deleted",
    async edit(tx, { environments }) {
      requireEverywhere(actor, "flag:delete", environments);
      const row = await findFlag(tx, project.id, key);
      if (!row.archivedAt) throw new AppError("not-archived", `Archive "${key}" first.`);
      await refuseKilled(tx, environments, key, `"${key}" is killed; lift the kill first.`);
      const before = await readFlagDetail(tx, project.id, key);
      await tx.delete(flags).where(eq(flags.id, row.id));
      return { subject: { kind: "flag", key }, before, after: null, result: undefined };
    },
  });
}
