import type { ManagedSegment } from "@lanyard/contract";
import type { Segment } from "@lanyard/evaluation";
import type { Actor, ProjectRef } from "../../access/index.ts";
import { segments } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import { makeSegment } from "../live/index.ts";
import type { Services } from "../services.ts";
import { publishSegment, requireValid, storeSegment } from "./publish.ts";
import { getSegment } from "./read-segments.ts";

export interface NewSegment {
  project: ProjectRef;
  key: string;
  name: string;
  description: string;
  content: Omit<Segment, "hash">;
  message: string | undefined;
}

export function createSegment(services: Services, actor: Actor, input: NewSegment): Promise<ManagedSegment> {
  const { project, key, name, description } = input;
  const content = makeSegment(input.content);
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "segment:edit",
    action: "segment.created",
    message: input.message,
    async edit(tx, { changeId, environments }) {
      requireEverywhere(actor, "segment:edit", environments);
      await requireValid(tx, project.id, key, content);
      const now = new Date();
      const [row] = await tx
        .insert(segments)
        .values({
          ...{ id: newId("seg"), projectId: project.id, key, name, description, number: 1 },
          createdAt: now,
          updatedAt: now,
        })
        .onConflictDoNothing({ target: [segments.projectId, segments.key] })
        .returning({ id: segments.id });
      if (!row) throw new AppError("already-exists", `The segment key "${key}" is taken in this project.`);
      await storeSegment(tx, changeId, { id: row.id, number: 1, content });
      return {
        subject: { kind: "segment", key, revision: 1 },
        before: null,
        after: { name, description, content: input.content },
        publications: publishSegment(environments, key, content),
        result: await getSegment(tx, project.id, key),
      };
    },
  });
}
