import type { SavedFlag } from "@lanyard/contract";
import type { Flag } from "@lanyard/evaluation";
import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { canonicalJson } from "../../canonical-json.ts";
import type { Transaction } from "../../database/database.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError, invalidBody } from "../../errors.ts";
import { applyChange, type EnvironmentRow, requirePublish } from "../changes/index.ts";
import {
  appendRevisions,
  type Definition,
  type Head,
  makeFlag,
  type NewRevision,
  readHeads,
} from "../live/index.ts";
import { type Patch, patched } from "../patch.ts";
import type { Services } from "../services.ts";
import { definitionFaults } from "./definition-faults.ts";
import { refuseForDependants } from "./dependants.ts";
import { type FlagRow, findLiveFlag } from "./find-flag.ts";
import { readFlagDetail } from "./read-detail.ts";
import { readSaved } from "./read-saved.ts";
import { refuseKilled } from "./refuse-killed.ts";

/** What no SDK sees. */
interface Metadata {
  name: string;
  description: string;
  purpose: string;
  tags: string[];
  owner: string;
}

export interface EditFlag {
  project: ProjectRef;
  flag: string;
  /** The flag's version that the edit was based on. */
  ifMatch: number | undefined;
  metadata: Patch<Metadata>;
  /** Part of every environment's snapshot, so an edit of it publishes everywhere. */
  definition: Patch<Pick<Definition, "variations" | "off" | "audience">>;
  message: string | undefined;
}

export function editFlag(services: Services, actor: Actor, input: EditFlag): Promise<SavedFlag> {
  const { project, flag: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:edit",
    action: "flag.edited",
    message: input.message,
    async edit(tx, { changeId, environments }) {
      const row = await findLiveFlag(tx, project.id, key);
      if (input.ifMatch !== undefined && input.ifMatch !== row.version) throw await conflict(tx, input, row);
      const heads = await readHeads(tx, eq(flags.id, row.id));
      const before = shown(row, heads[0]);
      const after = patched<Shown>(before, { ...input.metadata, ...input.definition });
      const saved = (revisions: NewRevision[]) =>
        readSaved(services, tx, { projectId: project.id, key, environments, revisions });
      if (canonicalJson(before) === canonicalJson(after)) return { unchanged: await saved([]) };
      const next = redefine(heads, input.definition);
      if (next.length > 0) await checkDefinition(tx, actor, { ...input, environments, heads, next });
      await appendRevisions(tx, changeId, next);
      await tx
        .update(flags)
        .set({ ...metadataOf(after), version: row.version + 1, updatedAt: new Date() })
        .where(eq(flags.id, row.id));
      return {
        subject: { kind: "flag", key },
        before,
        after,
        publications: next.map(({ environmentId, flag }) => ({
          environmentId,
          kind: "flag" as const,
          key,
          content: flag,
        })),
        result: await saved(next),
      };
    },
  });
}

/** A new revision in every environment whose snapshot differs. */
function redefine(heads: Head[], definition: EditFlag["definition"]) {
  return heads.flatMap((head) => {
    const flag: Flag = makeFlag(patched<Definition>(head.flag, definition), head.flag);
    if (flag.hash === head.flag.hash) return [];
    return [{ flagId: head.flagId, environmentId: head.environmentId, from: head.number, flag }];
  });
}

interface Redefinition extends EditFlag {
  environments: EnvironmentRow[];
  heads: Head[];
  next: ReturnType<typeof redefine>;
}

async function checkDefinition(tx: Transaction, actor: Actor, edit: Redefinition): Promise<void> {
  const { environments, heads, next } = edit;
  const touched = environments.filter(({ id }) => next.some(({ environmentId }) => environmentId === id));
  requirePublish(actor, touched, edit.message);
  const faults = await definitionFaults(tx, edit.project.id, edit.flag, touched, next);
  if (faults.length > 0) throw invalidBody(faults);
  const [before] = heads;
  const [after] = next;
  if (!before || !after) return;
  await refuseForDependants(tx, edit.project.id, edit.flag, after.flag);
  if (offValue(before.flag) !== offValue(after.flag))
    await refuseKilled(
      tx,
      environments,
      edit.flag,
      "What a killed flag serves cannot be changed; lift the kill first.",
    );
}

function offValue(flag: Flag): string {
  const off = flag.variations.find(({ id }) => id === flag.off);
  return canonicalJson({ id: flag.off, value: off?.value });
}

type Shown = Metadata & Pick<Definition, "variations" | "off" | "audience">;

/** As the record keeps it. */
function shown(row: FlagRow, head: Head | undefined): Shown {
  if (!head) throw new Error(`flag ${row.id} has no head`);
  const { variations, off, audience } = head.flag;
  return { ...metadataOf(row), variations, off, audience };
}

function metadataOf({ name, description, purpose, tags, owner }: Metadata): Metadata {
  return { name, description, purpose, tags: [...new Set(tags)], owner };
}

async function conflict(tx: Transaction, input: EditFlag, row: FlagRow): Promise<AppError> {
  const current = await readFlagDetail(tx, input.project.id, input.flag);
  return new AppError(
    "revision-conflict",
    `This was based on version ${input.ifMatch}, and "${input.flag}" is at version ${row.version}.`,
    { context: { current, yours: { ...input.metadata, ...input.definition } } },
  );
}
