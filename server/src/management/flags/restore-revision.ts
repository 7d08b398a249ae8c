import type { SavedFlag } from "@lanyard/contract";
import type { Flag } from "@lanyard/evaluation";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../../access/index.ts";
import { flagRevisions } from "../../database/schema/index.ts";
import { invalidBody } from "../../errors.ts";
import { targetingOf } from "../live/index.ts";
import type { Services } from "../services.ts";
import { changeTargeting, type FlagPlace } from "./save-targeting.ts";

/** An earlier revision's targeting, under today's definition, as a new change. */
export function restoreRevision(
  services: Services,
  actor: Actor,
  input: FlagPlace & { revision: number; message: string | undefined },
): Promise<SavedFlag> {
  return changeTargeting(services, actor, {
    ...input,
    message: input.message,
    action: "flag.targeting.restored",
    async next(tx, head) {
      const [earlier] = await tx
        .select({ content: flagRevisions.content })
        .from(flagRevisions)
        .where(
          and(
            eq(flagRevisions.flagId, head.flagId),
            eq(flagRevisions.environmentId, head.environmentId),
            eq(flagRevisions.number, input.revision),
          ),
        );
      if (!earlier) throw invalidBody([{ path: "/revision", message: "there is no such revision here" }]);
      return targetingOf(JSON.parse(earlier.content) as Flag);
    },
    locate: ({ path, message }) => ({
      path: "/revision",
      message: `revision ${input.revision} no longer fits, at ${path}: ${message}`,
    }),
  });
}
