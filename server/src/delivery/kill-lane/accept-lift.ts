import type { AcceptedLift, NewBreakGlassLift } from "@lanyard/contract";
import { type Actor, requirePermission } from "../../access/index.ts";
import { AppError, notFound } from "../../errors.ts";
import { activeKills, type LiftFact, parseKillId, timeOfLift } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { findEnvironments } from "./find-environments.ts";
import type { KillServices } from "./kill-services.ts";
import { liftsAccepted } from "./metrics.ts";

type LiftServices = Pick<KillServices, "environments" | "fanout" | "lane">;

interface HeldFlag {
  environment: EnvironmentState;
  flag: string;
  /** Of its newest kill, in epoch milliseconds; 0 for one that this node does not know. */
  killedAt: number;
}

/**
 * An owner's lift as break-glass: it needs neither the database nor an approval, travels as a kill does, and is on the
 * record as what it was. A kill that no server knows but instances hold can be lifted too, by its flags.
 */
export async function acceptLift(
  services: LiftServices,
  actor: Actor,
  input: NewBreakGlassLift & { kill: string },
): Promise<AcceptedLift> {
  if (actor.kind !== "user")
    throw new AppError("forbidden", "Only a person lifts as break-glass; no key or token does.");
  const environments = await findEnvironments(services, input, (projectId, environmentId) =>
    requirePermission(actor, projectId, "kill:break-glass", environmentId),
  );
  const { root, after } = parseKillId(input.kill);
  const held = heldBy(environments, root, input.flags);
  if (held.length === 0) throw notFound("kill");
  const fact: LiftFact = {
    kind: "lift",
    id: input.kill,
    projectId: environments[0]?.projectId ?? "",
    reason: input.reason,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    at: timeOfLift(Date.now(), [after, ...held.map(({ killedAt }) => killedAt)]),
    elements: held.map(({ environment, flag }) => ({ environmentId: environment.id, flag })),
  };
  const { durable, pending, reach } = await services.lane.accept(fact);
  liftsAccepted.inc({ by: "owner" });
  return {
    lifted: held.map(({ environment, flag }) => ({ environment: environment.key, flag })),
    stillKilledBy: held.flatMap(stillKilled),
    durable,
    pending,
    reach,
  };
}

/** What the kill holds down; of one that no server knows, the flags that were named. */
function heldBy(environments: EnvironmentState[], root: string, flags: string[] | undefined): HeldFlag[] {
  const known = environments.flatMap((environment) =>
    activeKills(environment.kills)
      .filter(({ id }) => parseKillId(id).root === root)
      .map(({ flag, at }) => ({ environment, flag, killedAt: Date.parse(at) })),
  );
  if (known.length > 0) return known.filter(({ flag }) => flags?.includes(flag) ?? true);
  return environments.flatMap((environment) =>
    (flags ?? []).map((flag) => ({ environment, flag, killedAt: 0 })),
  );
}

function stillKilled({ environment, flag }: HeldFlag): AcceptedLift["stillKilledBy"] {
  const kills = activeKills(environment.kills).filter((element) => element.flag === flag);
  return kills.length === 0 ? [] : [{ environment: environment.key, flag, kills: kills.map(({ id }) => id) }];
}
