import type { Environment } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { canonicalJson } from "../../canonical-json.ts";
import { environments } from "../../database/schema/index.ts";
import { applyChange, environmentNamed } from "../changes/index.ts";
import { type Patch, patched } from "../patch.ts";
import type { Services } from "../services.ts";
import type { NewEnvironment } from "./create-environment.ts";
import { toEnvironment } from "./list-environments.ts";

/** Name, colour and protection; no SDK sees any of them. */
export function editEnvironment(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; environment: string; patch: Patch<Omit<NewEnvironment, "key">> },
): Promise<Environment> {
  return applyChange(services, actor, {
    projectId: input.project.id,
    permission: "environment:manage",
    action: "environment.edited",
    async edit(tx, { environments: existing }) {
      const row = environmentNamed(existing, input.environment);
      const { name, color, protected: isProtected } = toEnvironment(row);
      const before = { name, color, protected: isProtected };
      const after = patched(before, input.patch);
      if (canonicalJson(before) === canonicalJson(after)) return { unchanged: toEnvironment(row) };
      await tx.update(environments).set(after).where(eq(environments.id, row.id));
      return {
        subject: { kind: "environment", key: row.key },
        environmentId: row.id,
        before,
        after,
        result: toEnvironment({ ...row, ...after }),
      };
    },
  });
}
