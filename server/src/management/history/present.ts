import type { ActorSummary, Change, ChangeAction } from "@lanyard/contract";
import type { changes } from "../../database/schema/index.ts";

interface ChangeRow {
  change: typeof changes.$inferSelect;
  environment: string | null;
}

export function presentChange({ change, environment }: ChangeRow): Change {
  const { id, sequence, action, message, before, after, subjectRevision } = change;
  return {
    id,
    sequence,
    at: change.at.toISOString(),
    actor: {
      kind: change.actorKind as ActorSummary["kind"],
      id: change.actorId,
      name: change.actorName,
    },
    action: action as ChangeAction,
    subject: { kind: change.subjectKind, key: change.subjectKey },
    environment,
    revision: change.environmentId === null ? null : (change.revisions[change.environmentId] ?? null),
    subjectRevision,
    message,
    before,
    after,
  };
}
