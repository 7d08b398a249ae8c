import type { FlagDetail } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { applyChange, requireEverywhere, requirePublish } from "../changes/index.ts";
import { readHeads } from "../live/index.ts";
import type { Services } from "../services.ts";
import { dependantsOf, keysOf } from "./dependants.ts";
import { findLiveFlag } from "./find-flag.ts";
import { readFlagDetail } from "./read-detail.ts";

export interface FlagRef {
  project: ProjectRef;
  flag: string;
  message: string | undefined;
}

/** Takes the flag out of every ruleset; a kill on it stays and would hold it again. */
export function archiveFlag(services: Services, actor: Actor, input: FlagRef): Promise<FlagDetail> {
  const { project, flag: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:delete",
    action: "flag.archived",
    message: input.message,
    async edit(tx, { environments }) {
      requireEverywhere(actor, "flag:delete", environments);
      const row = await findLiveFlag(tx, project.id, key);
      const dependants = await dependantsOf(tx, project.id, key);
      if (dependants.length > 0)
        throw new AppError("in-use", `Other flags need "${key}" as a prerequisite.`, {
          context: { usedBy: keysOf(dependants) },
        });
      const heads = await readHeads(tx, eq(flags.id, row.id));
      const isOn = (id: string) => heads.some(({ environmentId, flag }) => environmentId === id && flag.on);
      requirePublish(
        actor,
        environments.filter(({ id }) => isOn(id)),
        input.message,
      );
      const now = new Date();
      await tx
        .update(flags)
        .set({ archivedAt: now, updatedAt: now, version: row.version + 1 })
        .where(eq(flags.id, row.id));
      return {
        subject: { kind: "flag", key },
        before: { archived: false, on: environments.filter(({ id }) => isOn(id)).map((each) => each.key) },
        after: { archived: true },
        publications: environments.map(({ id }) => ({ environmentId: id, kind: "flag", key, content: null })),
        result: await readFlagDetail(tx, project.id, key),
      };
    },
  });
}
