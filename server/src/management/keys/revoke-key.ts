import { and, eq, isNull } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { apiKeys } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { applyChange } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { recorded } from "./create-key.ts";
import { presentKey } from "./present.ts";

/** The announcement makes every node forget the key and cut its streams. */
export function revokeKey(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; id: string },
): Promise<void> {
  return applyChange(services, actor, {
    projectId: input.project.id,
    permission: "key:manage",
    action: "key.revoked",
    async edit(tx, { environments }) {
      const [record] = await tx
        .update(apiKeys)
        .set({ revokedAt: new Date() })
        .where(
          and(eq(apiKeys.id, input.id), eq(apiKeys.projectId, input.project.id), isNull(apiKeys.revokedAt)),
        )
        .returning();
      if (!record) throw notFound("key");
      const names = new Map(environments.map((row) => [row.id, row.key]));
      return {
        subject: { kind: "key", key: record.id },
        before: recorded(presentKey(record, names)),
        after: null,
        changesAccess: true,
        ends: { key: record.id },
        result: undefined,
      };
    },
  });
}
