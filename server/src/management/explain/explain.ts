import type { RouteResponse } from "@lanyard/contract";
import type { Context, Ruleset } from "@lanyard/evaluation";
import { explain as decideAndTell } from "@lanyard/evaluation/explain";
import { and, eq } from "drizzle-orm";
import { type Actor, authoriseProject } from "../../access/index.ts";
import { environments, flagHeads, flags } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { extensions } from "../../extensions.ts";
import { activeKills, readHeads } from "../live/index.ts";
import type { Services } from "../services.ts";
import { surroundingsOf } from "../validation/index.ts";

export type Question = { key: string; context: Context } & (
  | { ruleset: Ruleset }
  | { project: string; environment: string }
);

/** Decides with the evaluator that every SDK has, over what the caller sent or what is live. */
export async function explain(
  services: Services,
  actor: Actor,
  question: Question,
): Promise<RouteResponse<"POST /api/v1/explain">> {
  const ruleset = "ruleset" in question ? question.ruleset : await readRuleset(services, actor, question);
  const { decision, steps } = decideAndTell(ruleset, question.key, question.context, extensions);
  return { ...decision, revision: ruleset.revision, trace: steps };
}

/** As much of what is live as one flag's answer can depend on. */
async function readRuleset(
  { database }: Services,
  actor: Actor,
  { project: projectKey, environment, key }: { project: string; environment: string; key: string },
): Promise<Ruleset> {
  const { read } = database;
  const project = await authoriseProject(database, actor, projectKey, "project:read");
  const [place] = await read
    .select()
    .from(environments)
    .where(and(eq(environments.projectId, project.id), eq(environments.key, environment)));
  if (!place) throw notFound("environment");
  const where = { projectId: project.id, environmentId: place.id };
  const [head] = await readHeads(
    read,
    and(eq(flags.projectId, project.id), eq(flags.key, key), eq(flagHeads.environmentId, place.id)),
  );
  const content =
    head && !head.archived ? await surroundingsOf(read, where, key, head.flag) : { flags: {}, segments: {} };
  const kills = await activeKills(read, [place.id], Object.keys(content.flags));
  return {
    format: 1,
    environmentId: place.id,
    epoch: place.epoch,
    revision: place.revision,
    ...content,
    kills: kills.map(({ flag, kill }) => ({ id: kill.id, flag, at: kill.at })),
  };
}
