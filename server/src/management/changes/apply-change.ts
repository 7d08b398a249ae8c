import type { ChangeAction, Permission } from "@lanyard/contract";
import { asc, eq, sql } from "drizzle-orm";
import { type Actor, requirePermission, summary } from "../../access/index.ts";
import { canonicalJson } from "../../canonical-json.ts";
import type { Transaction } from "../../database/database.ts";
import { environments, publications } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import type { EndedAccess } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import type { Services } from "../services.ts";
import { announcePublished } from "./announce.ts";
import { inChunks } from "./chunks.ts";
import type { EnvironmentRow, Publication, Published } from "./publication.ts";
import { appendChange, lockProject } from "./record.ts";

/** What a verb's edit tells the door. */
export interface Edit<Result> {
  subject: { kind: string; key: string; revision?: number };
  /** Where the change is about one environment. */
  environmentId?: string;
  before: unknown;
  after: unknown;
  publications?: Publication[];
  /** Environments that the edit made; they can be published to at once. */
  newEnvironments?: EnvironmentRow[];
  /** Keys, members or roles changed: every node reloads who may do what. */
  changesAccess?: boolean;
  /** What is over with it; nodes that cannot ask the database take the announcement's word. */
  ends?: EndedAccess;
  result: Result;
}

export interface ChangeRequest<Result> {
  projectId: string;
  /** Somebody invited has none yet: the invitation, which the edit spends, stands in for it. */
  permission: Permission | "by-invitation";
  /** `flag.targeting.saved`, for example. */
  action: ChangeAction;
  /** Where it is known before: tokens may be limited to some. */
  environmentId?: string | undefined;
  message?: string | undefined;
  /**
   * Makes the edit; runs once, under the locks of the project and of its environments. Returning `unchanged` writes
   * nothing: no record, no revision. Throwing writes nothing either.
   */
  edit(
    tx: Transaction,
    scope: { changeId: string; environments: EnvironmentRow[] },
  ): Promise<Edit<Result> | Unchanged<Result>>;
}

export interface Unchanged<Result> {
  unchanged: Result;
}

/**
 * The one door for writes: permission, then one transaction of edit, record and new revisions, then the
 * announcement. The project is locked before its environments, these in id order, so commit order equals revision
 * order and no two changes deadlock. The announcement cannot fail the request.
 */
export async function applyChange<Result>(
  services: Services,
  actor: Actor,
  request: ChangeRequest<Result>,
): Promise<Result> {
  if (request.permission !== "by-invitation")
    requirePermission(actor, request.projectId, request.permission, request.environmentId);
  const done = await services.inTurn(request.projectId, () => commitChange(services, actor, request));
  if (done.published) announcePublished(services.fanout, request.projectId, done);
  return done.result;
}

function commitChange<Result>(services: Services, actor: Actor, request: ChangeRequest<Result>) {
  return services.database.transaction(async (anyTx) => {
    const tx = anyTx as unknown as Transaction;
    const head = await lockProject(tx, request.projectId);
    if (!head) throw notFound("project");
    const locked = await tx
      .select()
      .from(environments)
      .where(eq(environments.projectId, request.projectId))
      .orderBy(asc(environments.id))
      .for("update");
    const changeId = newId("chg");
    const edit = await request.edit(tx, { changeId, environments: locked });
    if ("unchanged" in edit) return { result: edit.unchanged };
    const targets = [...locked, ...(edit.newEnvironments ?? [])];
    const published = await publish(tx, targets, edit.publications ?? [], changeId);
    const access = edit.changesAccess ? await countAccess(tx, request.projectId) : undefined;
    const environmentId = edit.environmentId ?? request.environmentId;
    const sequence = await appendChange(tx, head, {
      id: changeId,
      projectId: request.projectId,
      actor: summary(actor),
      action: request.action,
      subject: edit.subject,
      ...(environmentId !== undefined && { environmentId }),
      revisions: Object.fromEntries(published.map(({ environment, to }) => [environment.id, to])),
      message: request.message ?? "",
      before: edit.before,
      after: edit.after,
    });
    return { result: edit.result, published, sequence, access, ended: edit.ends };
  });
}

async function publish(
  tx: Transaction,
  targets: EnvironmentRow[],
  all: Publication[],
  changeId: string,
): Promise<Published[]> {
  const published: Published[] = [];
  for (const environment of targets) {
    const own = all.filter(({ environmentId }) => environmentId === environment.id);
    if (own.length === 0) continue;
    const to = environment.revision + 1;
    await tx.update(environments).set({ revision: to }).where(eq(environments.id, environment.id));
    const rows = own.map(({ kind, key, content }) => ({
      environmentId: environment.id,
      epoch: environment.epoch,
      revision: to,
      kind,
      key,
      content: content === null ? null : canonicalJson(content),
      changeId,
    }));
    await inChunks(rows, (chunk) => tx.insert(publications).values(chunk));
    published.push({ environment, from: environment.revision, to, publications: own });
  }
  return published;
}

/** Moves the counter by which a node that missed the announcement finds out. */
/** Returns the project's: that of whichever of its environments has counted most. */
async function countAccess(tx: Transaction, projectId: string): Promise<number> {
  const counted = await tx
    .update(environments)
    .set({ access: sql`${environments.access} + 1` })
    .where(eq(environments.projectId, projectId))
    .returning({ access: environments.access });
  return Math.max(0, ...counted.map(({ access }) => access));
}
