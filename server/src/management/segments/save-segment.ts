import type { SavedSegment, Warning } from "@lanyard/contract";
import type { Segment } from "@lanyard/evaluation";
import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { canonicalJson } from "../../canonical-json.ts";
import type { Transaction } from "../../database/database.ts";
import { segments } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { applyChange, type EnvironmentRow, requireEverywhere, requirePublish } from "../changes/index.ts";
import { makeSegment } from "../live/index.ts";
import { type Patch, patched } from "../patch.ts";
import type { Services } from "../services.ts";
import { warningsOfSegment } from "../warnings/index.ts";
import { publishSegment, requireValid, storeSegment } from "./publish.ts";
import { findSegment, getSegment, type SegmentRow } from "./read-segments.ts";
import { readSegmentUsage } from "./usage.ts";

export interface SaveSegment {
  project: ProjectRef;
  segment: string;
  /** The segment's version that the edit was based on. */
  ifMatch: number | undefined;
  patch: Patch<{ name: string; description: string; content: Omit<Segment, "hash"> }>;
  message: string | undefined;
}

export function saveSegment(services: Services, actor: Actor, input: SaveSegment): Promise<SavedSegment> {
  const { project, segment: key } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "segment:edit",
    action: "segment.saved",
    message: input.message,
    async edit(tx, { changeId, environments }) {
      requireEverywhere(actor, "segment:edit", environments);
      const current = await findSegment(tx, project.id, key);
      if (input.ifMatch !== undefined && input.ifMatch !== current.row.version)
        throw await conflict(tx, input, current);
      const before = shown(current);
      const after = patched(before, input.patch);
      if (canonicalJson(before) === canonicalJson(after))
        return { unchanged: { ...(await getSegment(tx, project.id, key)), warnings: [] } };
      const content = makeSegment(after.content);
      const publishes = content.hash !== current.content.hash;
      const warnings = publishes
        ? await checkContent(services, tx, actor, { ...input, content, environments })
        : [];
      const number = current.row.number + (publishes ? 1 : 0);
      if (publishes) await storeSegment(tx, changeId, { id: current.row.id, number, content });
      await tx
        .update(segments)
        .set({
          ...{ name: after.name, description: after.description, number },
          ...{ version: current.row.version + 1, updatedAt: new Date() },
        })
        .where(eq(segments.id, current.row.id));
      return {
        subject: { kind: "segment", key, revision: number },
        before,
        after,
        publications: publishes ? publishSegment(environments, key, content) : [],
        result: { ...(await getSegment(tx, project.id, key)), warnings },
      };
    },
  });
}

/**
 * A segment is guarded as strictly as the strictest environment in which a flag uses it. Returns who may not understand the
 * flags that do.
 */
async function checkContent(
  services: Services,
  tx: Transaction,
  actor: Actor,
  edit: SaveSegment & { content: Segment; environments: EnvironmentRow[] },
): Promise<Warning[]> {
  const { environments, content } = edit;
  const users = (await readSegmentUsage(tx, edit.project.id)).users(edit.segment);
  const reach = new Set(users.map(({ environment }) => environment));
  requirePublish(
    actor,
    environments.filter(({ key }) => reach.has(key)),
    edit.message,
  );
  await requireValid(tx, edit.project.id, edit.segment, content);
  return warningsOfSegment(services, tx, environments, content, users);
}

function shown({ row, content }: SegmentRow) {
  const { hash: _hash, ...rest } = content;
  return { name: row.name, description: row.description, content: rest };
}

async function conflict(tx: Transaction, input: SaveSegment, { row }: SegmentRow): Promise<AppError> {
  const current = await getSegment(tx, input.project.id, input.segment);
  return new AppError(
    "revision-conflict",
    `This was based on version ${input.ifMatch}, and "${input.segment}" is at version ${row.version}.`,
    { context: { current, yours: input.patch } },
  );
}
