import type { ChangeAction, SavedFlag } from "@lanyard/contract";
import type { Flag } from "@lanyard/evaluation";
import { and, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import type { Transaction } from "../../database/database.ts";
import { flagHeads, flags } from "../../database/schema/index.ts";
import { AppError, invalidBody } from "../../errors.ts";
import { applyChange, type EnvironmentRow, environmentNamed, requirePublish } from "../changes/index.ts";
import {
  appendRevisions,
  type Head,
  makeFlag,
  type NewRevision,
  readHeads,
  type Targeting,
  targetingOf,
} from "../live/index.ts";
import { type Patch, patched } from "../patch.ts";
import type { Services } from "../services.ts";
import { type Fault, faultsOfFlag } from "../validation/index.ts";
import { findLiveFlag } from "./find-flag.ts";
import { readFlagDetail } from "./read-detail.ts";
import { readSaved } from "./read-saved.ts";

export interface FlagPlace {
  project: ProjectRef;
  flag: string;
  environment: string;
}

/** Null takes the policy away. */
export type TargetingPatch = Patch<Omit<Targeting, "stale">> & { stale?: Targeting["stale"] | null };

export interface SaveTargeting extends FlagPlace {
  /** The revision it was based on; without it the last save wins, as a revision of its own. */
  ifMatch: number | undefined;
  patch: TargetingPatch;
  message: string | undefined;
}

export function saveTargeting(services: Services, actor: Actor, input: SaveTargeting): Promise<SavedFlag> {
  return changeTargeting(services, actor, {
    ...input,
    action: "flag.targeting.saved",
    async next(tx, head) {
      if (input.ifMatch !== undefined && input.ifMatch !== head.number) throw await conflict(tx, input, head);
      const { stale, ...rest } = input.patch;
      const { stale: before, ...current } = targetingOf(head.flag);
      const policy = stale === null ? undefined : (stale ?? before);
      return { ...patched(current, rest), ...(policy && { stale: policy }) };
    },
  });
}

interface TargetingChange extends FlagPlace {
  action: ChangeAction;
  message: string | undefined;
  /** What is to be live, made from what is. */
  next(tx: Transaction, head: Head, environment: EnvironmentRow): Promise<Targeting>;
  /** Where a fault of the new targeting lies in what the caller sent. */
  locate?(fault: Fault): Fault;
}

/** One flag in one environment gets a new revision; equal content gets none. */
export function changeTargeting(
  services: Services,
  actor: Actor,
  request: TargetingChange,
): Promise<SavedFlag> {
  const { project, flag: key } = request;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:edit",
    action: request.action,
    message: request.message,
    async edit(tx, { changeId, environments }) {
      const environment = environmentNamed(environments, request.environment);
      const row = await findLiveFlag(tx, project.id, key);
      const head = await headIn(tx, row.id, environment.id);
      const flag = makeFlag(head.flag, await request.next(tx, head, environment));
      const revision = { flagId: row.id, environmentId: environment.id, from: head.number, flag };
      const saved = (revisions: NewRevision[]) =>
        readSaved(services, tx, { projectId: project.id, key, environments, revisions });
      if (flag.hash === head.flag.hash) return { unchanged: await saved([]) };
      requirePublish(actor, [environment], request.message);
      const faults = await faultsOfFlag(
        tx,
        { projectId: project.id, environmentId: environment.id },
        key,
        flag,
      );
      if (faults.length > 0) throw invalidBody(faults.map((fault) => request.locate?.(fault) ?? fault));
      await appendRevisions(tx, changeId, [revision]);
      await tx.update(flags).set({ updatedAt: new Date() }).where(eq(flags.id, row.id));
      return {
        subject: { kind: "flag", key, revision: head.number + 1 },
        environmentId: environment.id,
        before: shown(head.flag),
        after: shown(flag),
        publications: [{ environmentId: environment.id, kind: "flag", key, content: flag }],
        result: await saved([revision]),
      };
    },
  });
}

async function headIn(tx: Transaction, flagId: string, environmentId: string): Promise<Head> {
  const [head] = await readHeads(tx, and(eq(flags.id, flagId), eq(flagHeads.environmentId, environmentId)));
  if (!head) throw new Error(`flag ${flagId} has no head in ${environmentId}`);
  return head;
}

/** As the record keeps it. */
function shown({ hash: _hash, ...content }: Flag): Omit<Flag, "hash"> {
  return content;
}

async function conflict(tx: Transaction, input: SaveTargeting, head: Head): Promise<AppError> {
  const current = await readFlagDetail(tx, input.project.id, input.flag);
  return new AppError(
    "revision-conflict",
    `This was based on revision ${input.ifMatch}, and "${input.flag}" is at revision ${head.number} in ${input.environment}.`,
    { context: { current, yours: input.patch } },
  );
}
