import type { KillTokenActor } from "../../access/index.ts";
import { activeKills, killRoot, type LiftFact, parseKillId, timeOfLift } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";
import type { KillServices } from "./kill-services.ts";
import { liftsAccepted } from "./metrics.ts";

/** How the kill of an episode is named, and whether that episode has no second one. */
export interface EpisodeName {
  idempotencyKey: string;
  once: boolean;
}

interface Episodes {
  environment: EnvironmentState;
  reason: string;
  names: EpisodeName[];
}

/**
 * Ends what this token's own kills of these episodes hold down, and nothing else: the names lead to no other kill. It
 * travels as a break-glass lift does. True when there was something to end.
 */
export async function liftEpisodes(
  services: Pick<KillServices, "lane">,
  actor: KillTokenActor,
  { environment, reason, names }: Episodes,
): Promise<boolean> {
  const { projectId } = environment;
  const principal = { kind: actor.kind, id: actor.id };
  const rootOf = ({ idempotencyKey, once }: EpisodeName) =>
    killRoot({ projectId, principal, subject: { idempotencyKey }, once });
  const roots = new Set(names.map(rootOf));
  const held = activeKills(environment.kills).filter(({ id }) => roots.has(parseKillId(id).root));
  for (const id of new Set(held.map((element) => element.id))) {
    const own = held.filter((element) => element.id === id);
    const fact: LiftFact = {
      kind: "lift",
      id,
      projectId,
      reason,
      actor: { ...principal, name: actor.name },
      at: timeOfLift(Date.now(), [parseKillId(id).after, ...own.map(({ at }) => Date.parse(at))]),
      elements: own.map(({ flag }) => ({ environmentId: environment.id, flag })),
    };
    await services.lane.accept(fact);
    liftsAccepted.inc({ by: "alert" });
  }
  return held.length > 0;
}
