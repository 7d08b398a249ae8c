import type { AcceptedLift, NewBreakGlassLift } from "@lanyard/contract";
import { type Actor, requirePermission } from "../../access/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import { activeKills, coverageOf, type LiftFact, parseKillId, timeOfLift } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { findEnvironments } from "./find-environments.ts";
import type { KillServices } from "./kill-services.ts";
import { liftsAccepted } from "./metrics.ts";

type LiftServices = Pick<KillServices, "environments" | "fanout" | "lane">;

type Lifting = NewBreakGlassLift & { kill: string };

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
  input: Lifting,
): Promise<AcceptedLift> {
  if (actor.kind !== "user")
    throw new AppError("forbidden", "Only a person lifts as break-glass; no key or token does.");
  const environments = await findEnvironments(services, input, (projectId, environmentId) =>
    requirePermission(actor, projectId, "kill:break-glass", environmentId),
  );
  const covered = new Set(environments.flatMap(({ kills }) => coverageOf(kills, input.kill)));
  const held = covered.size > 0 ? heldBy(environments, covered, input) : namedBy(environments, input);
  const fact: LiftFact = {
    kind: "lift",
    id: input.kill,
    projectId: environments[0]?.projectId ?? "",
    reason: input.reason,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    at: timeOfLift(Date.now(), [parseKillId(input.kill).after, ...held.map(({ killedAt }) => killedAt)]),
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

/**
 * What the kill holds down, under this id alone: a call said again must not end what was killed since. Throws when it
 * holds nothing down, or does not cover what was named.
 */
function heldBy(
  environments: EnvironmentState[],
  covered: Set<string>,
  { kill, flags }: Lifting,
): HeldFlag[] {
  refuseOthers(flags, covered, "the kill does not cover it");
  const isMeant = (flag: string) => flags?.includes(flag) ?? covered.has(flag);
  const held = environments.flatMap((environment) =>
    activeKills(environment.kills)
      .filter(({ id, flag }) => id === kill && isMeant(flag))
      .map(({ flag, at }) => ({ environment, flag, killedAt: Date.parse(at) })),
  );
  if (held.length > 0) return held;
  const others = environments.flatMap((environment) =>
    [...covered].filter(isMeant).flatMap((flag) => stillKilled({ environment, flag })),
  );
  const still = others.map(
    ({ environment, flag, kills }) => `${flag} in ${environment} by ${kills.join(", ")}`,
  );
  const words = still.length === 0 ? "" : ` Still killed: ${still.join("; ")}.`;
  throw new AppError("already-lifted", `The kill was lifted already.${words}`, {
    context: { stillKilledBy: others },
  });
}

/** Of a kill that no server knows, the flags that were named. */
function namedBy(environments: EnvironmentState[], { flags }: Lifting): HeldFlag[] {
  if (flags === undefined) throw notFound("kill");
  const isThere = (environment: EnvironmentState, flag: string) => environment.flags.get(flag)?.content;
  const there = flags.filter((flag) => environments.some((environment) => isThere(environment, flag)));
  refuseOthers(flags, new Set(there), "there is no such flag");
  return environments.flatMap((environment) => there.map((flag) => ({ environment, flag, killedAt: 0 })));
}

function refuseOthers(flags: string[] | undefined, known: Set<string>, message: string): void {
  const faults = (flags ?? []).flatMap((flag, index) =>
    known.has(flag) ? [] : [{ path: `/flags/${index}`, message }],
  );
  if (faults.length > 0) throw invalidBody(faults);
}

function stillKilled({ environment, flag }: Omit<HeldFlag, "killedAt">): AcceptedLift["stillKilledBy"] {
  const kills = activeKills(environment.kills).filter((element) => element.flag === flag);
  return kills.length === 0 ? [] : [{ environment: environment.key, flag, kills: kills.map(({ id }) => id) }];
}
