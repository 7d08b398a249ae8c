import type { FlagDetail } from "@lanyard/contract";
import { LIMITS } from "@lanyard/contract";
import type { Audience, FlagType, Variation } from "@lanyard/evaluation";
import { count, eq } from "drizzle-orm";
import type { Actor, ProjectRef } from "../../access/index.ts";
import type { Transaction } from "../../database/database.ts";
import { flags } from "../../database/schema/index.ts";
import { AppError, invalidBody } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { applyChange, requireEverywhere } from "../changes/index.ts";
import { appendRevisions, type Definition, makeFlag, untargeted } from "../live/index.ts";
import type { Services } from "../services.ts";
import { faultsOfFlag } from "../validation/index.ts";
import { readFlagDetail } from "./read-detail.ts";
import { newSeed } from "./seed.ts";

export interface NewFlag {
  project: ProjectRef;
  key: string;
  name: string;
  description: string;
  type: FlagType;
  purpose: string;
  audience: Audience;
  tags: string[];
  owner: string;
  variations?: Variation[] | undefined;
  off?: string | undefined;
  message?: string | undefined;
}

/** A flag begins turned off in every environment: making it changes no answer but that it is known. */
export function createFlag(services: Services, actor: Actor, input: NewFlag): Promise<FlagDetail> {
  const { project, key } = input;
  const definition = defineFlag(input);
  const flag = makeFlag(definition, untargeted(definition.variations, definition.off));
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "flag:edit",
    action: "flag.created",
    message: input.message,
    async edit(tx, { changeId, environments }) {
      requireEverywhere(actor, "flag:edit", environments);
      const [first] = environments;
      if (!first) throw new Error(`project ${project.id} has no environment`);
      const faults = await faultsOfFlag(tx, { projectId: project.id, environmentId: first.id }, key, flag);
      if (faults.length > 0) throw invalidBody(faults);
      const row = await insertFlag(tx, input, definition.seed);
      await appendRevisions(
        tx,
        changeId,
        environments.map(({ id }) => ({ flagId: row.id, environmentId: id, from: undefined, flag })),
      );
      const { name, description, type, purpose, audience, tags, owner } = input;
      const { variations, off } = definition;
      return {
        subject: { kind: "flag", key, revision: 1 },
        before: null,
        after: { name, description, type, purpose, audience, tags, owner, variations, off },
        publications: environments.map(({ id }) => ({ environmentId: id, kind: "flag", key, content: flag })),
        result: await readFlagDetail(tx, project.id, key),
      };
    },
  });
}

const ON_OFF: Variation[] = [
  { id: "on", value: true },
  { id: "off", value: false },
];

function defineFlag({ type, audience, variations, off }: NewFlag): Definition {
  const isBoolean = type === "boolean";
  const faults = [
    ...(variations || isBoolean
      ? []
      : [{ path: "/variations", message: `a ${type} flag needs its variations` }]),
    ...(off || isBoolean ? [] : [{ path: "/off", message: "name the variation to serve when it is off" }]),
  ];
  if (faults.length > 0) throw invalidBody(faults);
  return { type, audience, seed: newSeed(), variations: variations ?? ON_OFF, off: off ?? "off" };
}

async function insertFlag(tx: Transaction, input: NewFlag, seed: string): Promise<{ id: string }> {
  const { project, key, name, description, type, purpose, owner } = input;
  const [existing] = await tx.select({ number: count() }).from(flags).where(eq(flags.projectId, project.id));
  if (existing && existing.number >= LIMITS.flagsPerEnvironment)
    throw new AppError(
      "in-use",
      `A project has at most ${LIMITS.flagsPerEnvironment} flags; delete some first.`,
    );
  const now = new Date();
  const tags = [...new Set(input.tags)];
  const [row] = await tx
    .insert(flags)
    .values({
      ...{
        id: newId("flag"),
        projectId: project.id,
        key,
        type,
        seed,
        name,
        description,
        purpose,
        owner,
        tags,
      },
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing({ target: [flags.projectId, flags.key] })
    .returning({ id: flags.id });
  if (!row) throw new AppError("already-exists", `The flag key "${key}" is taken in this project.`);
  return row;
}
