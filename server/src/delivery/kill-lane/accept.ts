import type { AcceptedKill, NewKill } from "@lanyard/contract";
import { type Actor, coversEnvironment, requirePermission } from "../../access/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import type { KillFact } from "../../fanout/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import { isKilled, isLifted } from "../environments/index.ts";
import { killId, nextKillId } from "./identity.ts";
import type { KillServices } from "./kill-services.ts";
import { killsAccepted } from "./metrics.ts";
import { CATCH_UP_MS, resolveSelector } from "./resolve.ts";
import { within } from "./within.ts";

type Principal = Extract<Actor, { kind: "user" | "token" | "kill-token" | "system" }>;

/** Kills flags at once. Everything it needs is in memory: no database, no approval. */
export async function acceptKill(
  services: KillServices,
  actor: Actor,
  input: NewKill,
): Promise<AcceptedKill> {
  const principal = mayKill(actor);
  const environments = await findEnvironments(services, principal, input);
  refusePastExpiry(input);
  const { perEnvironment, unknownFlags } = await resolveSelector(services, environments, input);
  const elements = perEnvironment.flatMap(({ environment, flags }) =>
    flags.map((flag) => ({ environment, flag })),
  );
  if (principal.kind !== "user" && elements.every(isHeldDown)) await services.limitToken(principal.id);
  const fact = factOf(principal, input, elements);
  const { id, durable, pending } = await services.lane.accept(fact);
  killsAccepted.inc();
  return {
    id,
    flags: [...new Set(elements.map(({ flag }) => flag))].sort(),
    environments: environments.map(({ key }) => key),
    unknownFlags,
    durable,
    pending,
    connected: environments.reduce((sum, { id }) => sum + services.connected(id), 0),
  };
}

function isHeldDown({ environment, flag }: { environment: EnvironmentState; flag: string }): boolean {
  return isKilled(environment.kills, flag);
}

function mayKill(actor: Actor): Principal {
  if (actor.kind === "sdk") throw new AppError("forbidden", "An SDK key cannot kill.");
  return actor;
}

async function findEnvironments(
  services: KillServices,
  actor: Principal,
  input: NewKill,
): Promise<EnvironmentState[]> {
  let found = lookUpEnvironments(services.environments, input);
  if (found.includes(undefined)) {
    await within(CATCH_UP_MS, catchUp(services)).catch(() => {});
    found = lookUpEnvironments(services.environments, input);
  }
  const projectId = [...services.environments.all()].find(
    ({ projectKey }) => projectKey === input.project,
  )?.projectId;
  if (projectId === undefined) throw notFound("project");
  requireKill(actor, projectId, undefined);
  const faults = found.flatMap((environment, index) =>
    environment ? [] : [{ path: `/environments/${index}`, message: "there is no such environment" }],
  );
  if (faults.length > 0) throw invalidBody(faults);
  const known = [...new Set(found as EnvironmentState[])];
  for (const { id } of known) requireKill(actor, projectId, id);
  return known;
}

function lookUpEnvironments(environments: Environments, input: NewKill) {
  const all = [...environments.all()].filter(({ projectKey }) => projectKey === input.project);
  return input.environments.map((key) => all.find((environment) => environment.key === key));
}

/** An environment made a moment ago on another node may not be in memory yet. */
async function catchUp({ fanout, environments }: KillServices): Promise<void> {
  await fanout.look();
  await environments.allSettled();
}

function requireKill(actor: Principal, projectId: string, environmentId: string | undefined): void {
  if (actor.kind !== "kill-token") requirePermission(actor, projectId, "kill", environmentId);
  else if (actor.projectId !== projectId) throw notFound("project");
  else if (environmentId !== undefined && !coversEnvironment(actor, environmentId))
    throw new AppError("forbidden", "This token is not valid for that environment.");
}

function refusePastExpiry({ expiresAt }: NewKill): void {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
    throw invalidBody([{ path: "/expiresAt", message: "is in the past" }]);
}

function factOf(
  actor: Principal,
  input: NewKill,
  elements: { environment: EnvironmentState; flag: string }[],
): KillFact {
  const projectId = elements[0]?.environment.projectId ?? "";
  const { reason, environments, expiresAt, flags, tag, owner } = input;
  const selector = flags ? { flags: [...flags].sort() } : tag === undefined ? { owner } : { tag };
  let id = killId({
    projectId,
    principal: actor,
    idempotencyKey: input.idempotencyKey,
    coverage: [selector, [...environments].sort()],
  });
  while (elements.some(({ environment, flag }) => isLifted(environment.kills, { id, flag })))
    id = nextKillId(id);
  return {
    id,
    projectId,
    reason,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    selector: { environments, ...selector },
    at: new Date().toISOString(),
    expiresAt: expiresAt ?? null,
    elements: elements.map(({ environment, flag }) => ({ environmentId: environment.id, flag })),
  };
}
