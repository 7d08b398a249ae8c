import type { ActorSummary, ChangeAction } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { AnyTransaction } from "../../database/database.ts";
import { changes, projects } from "../../database/schema/index.ts";
import { chainHash } from "./canonical.ts";

/** One line of the record, before it has its place in the chain. */
export interface NewChange {
  id: string;
  projectId: string;
  actor: ActorSummary;
  action: ChangeAction;
  subject: { kind: string; key: string; revision?: number };
  environmentId?: string;
  revisions?: Record<string, number>;
  message: string;
  before: unknown;
  after: unknown;
}

/**
 * Appends to the project's record and returns the change's sequence number. The caller's transaction must hold the
 * project's row lock (`lockProject`), which keeps numbers without gaps and the chain without forks.
 */
export async function appendChange(
  tx: Pick<AnyTransaction, "select" | "insert" | "update">,
  head: { sequence: number; hash: string },
  change: NewChange,
): Promise<number> {
  const sequence = head.sequence + 1;
  const row = {
    id: change.id,
    projectId: change.projectId,
    sequence,
    at: new Date(),
    actorKind: change.actor.kind,
    actorId: change.actor.id,
    actorName: change.actor.name,
    action: change.action,
    subjectKind: change.subject.kind,
    subjectKey: change.subject.key,
    subjectRevision: change.subject.revision ?? null,
    environmentId: change.environmentId ?? null,
    revisions: change.revisions ?? {},
    message: change.message,
    before: change.before ?? null,
    after: change.after ?? null,
  };
  const hash = chainHash(head.hash, row);
  await tx.insert(changes).values({ ...row, previousHash: head.hash, hash });
  await tx
    .update(projects)
    .set({ changeSequence: sequence, changeHash: hash })
    .where(eq(projects.id, change.projectId));
  return sequence;
}

/** Takes the lock that puts a project's changes in order; undefined when there is no such project. */
export async function lockProject(
  tx: Pick<AnyTransaction, "select">,
  projectId: string,
): Promise<{ sequence: number; hash: string } | undefined> {
  const [head] = await tx
    .select({ sequence: projects.changeSequence, hash: projects.changeHash })
    .from(projects)
    .where(eq(projects.id, projectId))
    .for("update");
  return head;
}
