import type { SavedFlag } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Actor } from "../../access/index.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import { appendRevisions, makeFlag, readHeads } from "../live/index.ts";
import type { Services } from "../services.ts";
import { faultsOfFlag } from "../validation/index.ts";
import type { FlagRef } from "./archive-flag.ts";
import { findFlag } from "./find-flag.ts";
import { readSaved } from "./read-saved.ts";

/** Brings the flag back with the rules it had, turned off everywhere. */
export function unarchiveFlag(services: Services, actor: Actor, input: FlagRef): Promise<SavedFlag> {
  const { project, flag: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:delete",
    action: "flag.unarchived",
    message: input.message,
    async edit(tx, { changeId, environments }) {
      requireEverywhere(actor, "flag:delete", environments);
      const row = await findFlag(tx, project.id, key);
      if (!row.archivedAt) throw new AppError("not-archived", `"${key}" is not archived.`);
      const next = (await readHeads(tx, eq(flags.id, row.id))).map((head) => ({
        flagId: row.id,
        environmentId: head.environmentId,
        from: head.number,
        flag: makeFlag(head.flag, { ...head.flag, on: false }),
      }));
      for (const { environmentId, flag } of next) {
        const faults = await faultsOfFlag(tx, { projectId: project.id, environmentId }, key, flag);
        if (faults.length > 0)
          throw new AppError("in-use", "What its rules refer to has gone; bring that back first.", {
            context: { faults },
          });
      }
      await appendRevisions(tx, changeId, next);
      await tx
        .update(flags)
        .set({ archivedAt: null, updatedAt: new Date(), version: row.version + 1 })
        .where(eq(flags.id, row.id));
      return {
        subject: { kind: "flag", key },
        before: { archived: true },
        after: { archived: false },
        publications: next.map(({ environmentId, flag }) => ({
          environmentId,
          kind: "flag" as const,
          key,
          content: flag,
        })),
        result: await readSaved(services, tx, { projectId: project.id, key, environments, revisions: next }),
      };
    },
  });
}
