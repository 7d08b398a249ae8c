import type { Environment } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import type { Transaction } from "../../database/database.ts";
import { environments, flagHeads } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { publishAttribute } from "../attributes/index.ts";
import { applyChange, type EnvironmentRow, type Publication } from "../changes/index.ts";
import { appendRevisions, liveSegments, readHeads, turnedOff } from "../live/index.ts";
import type { Services } from "../services.ts";
import { publicAttributes } from "../validation/index.ts";
import { toEnvironment } from "./list-environments.ts";

export interface NewEnvironment {
  key: string;
  name: string;
  color: Environment["color"];
  protected: boolean;
}

const ENVIRONMENTS_MAX = 20;

/** Every flag starts in it, turned off, with the definition that it has elsewhere. */
export function createEnvironment(
  services: Services,
  actor: Actor,
  input: NewEnvironment & { project: ProjectRef },
): Promise<Environment> {
  const { project, ...content } = input;
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "environment:manage",
    action: "environment.created",
    async edit(tx, { changeId, environments: existing }) {
      if (existing.some(({ key }) => key === content.key))
        throw new AppError("already-exists", `The environment key "${content.key}" is taken.`);
      if (existing.length >= ENVIRONMENTS_MAX)
        throw new AppError("in-use", `A project has at most ${ENVIRONMENTS_MAX} environments.`);
      const [row] = await tx
        .insert(environments)
        .values({ ...content, id: newId("env"), projectId: project.id, position: nextPosition(existing) })
        .returning();
      if (!row) throw new Error("an insert returned nothing");
      const publications = await fill(tx, changeId, existing, row);
      return {
        subject: { kind: "environment", key: row.key },
        before: null,
        after: content,
        publications,
        newEnvironments: [row],
        // SDK keys of other environments stay as they are, but every node must learn of this one.
        changesAccess: true,
        result: toEnvironment({ ...row, revision: publications.length > 0 ? 1 : 0 }),
      };
    },
  });
}

function nextPosition(existing: EnvironmentRow[]): number {
  return Math.max(-1, ...existing.map(({ position }) => position)) + 1;
}

async function fill(
  tx: Transaction,
  changeId: string,
  existing: EnvironmentRow[],
  made: EnvironmentRow,
): Promise<Publication[]> {
  const model = existing[0];
  if (!model) return [];
  const heads = await readHeads(tx, eq(flagHeads.environmentId, model.id));
  const copies = heads.map(({ flagId, key, archived, flag }) => ({
    flagId,
    key,
    archived,
    environmentId: made.id,
    from: undefined,
    flag: turnedOff(flag),
  }));
  await appendRevisions(tx, changeId, copies);
  const segments = await liveSegments(tx, made.projectId);
  const publicNames = await publicAttributes(tx, made.projectId);
  return [
    ...copies
      .filter(({ archived }) => !archived)
      .map(({ key, flag }) => ({ environmentId: made.id, kind: "flag" as const, key, content: flag })),
    ...Object.entries(segments).map(([key, content]) => ({
      environmentId: made.id,
      kind: "segment" as const,
      key,
      content,
    })),
    ...[...publicNames].flatMap((name) => publishAttribute([made], name, "public")),
  ];
}
