import type { AcceptedKill, NewKill } from "@lanyard/contract";
import { type Actor, coversEnvironment, requirePermission } from "../../access/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import {
  generationOf,
  isKilled,
  type KillFact,
  type KillName,
  killId,
  killRoot,
} from "../../fanout/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
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
  const selected = await select(services, actor, input);
  return acceptElements(services, selected, nameFor(selected, false));
}

/** The same for one episode of an alert, whose repetitions must not undo a lift; undefined when it was lifted. */
export async function acceptEpisode(
  services: KillServices,
  actor: Actor,
  input: NewKill,
): Promise<AcceptedKill | undefined> {
  const selected = await select(services, actor, input);
  const name = nameFor(selected, true);
  return name.after > 0 ? undefined : acceptElements(services, selected, name);
}

interface Selected {
  principal: Principal;
  input: NewKill;
  environments: EnvironmentState[];
  elements: SelectedElement[];
  unknownFlags: string[];
}

interface SelectedElement {
  environment: EnvironmentState;
  flag: string;
}

async function select(services: KillServices, actor: Actor, input: NewKill): Promise<Selected> {
  const principal = mayKill(actor);
  const environments = await findEnvironments(services, principal, input);
  refusePastExpiry(input);
  const { perEnvironment, unknownFlags } = await resolveSelector(services, environments, input);
  const elements = perEnvironment.flatMap(({ environment, flags }) =>
    flags.map((flag) => ({ environment, flag })),
  );
  if (principal.kind !== "user" && elements.every(isHeldDown)) await services.limitToken(principal.id);
  return { principal, input, environments, elements, unknownFlags };
}

async function acceptElements(
  services: KillServices,
  selected: Selected,
  name: KillName,
): Promise<AcceptedKill> {
  const { environments, elements, unknownFlags } = selected;
  const { id, durable, pending, reach } = await services.lane.accept(factOf(selected, name));
  killsAccepted.inc();
  return {
    id,
    flags: [...new Set(elements.map(({ flag }) => flag))].sort(),
    environments: environments.map(({ key }) => key),
    unknownFlags,
    durable,
    pending,
    reach,
    connected: environments.reduce(
      (sum, { id: environmentId }) => sum + services.connected(environmentId),
      0,
    ),
    receipts: null,
  };
}

function isHeldDown({ environment, flag }: SelectedElement): boolean {
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

/** A request that was lifted before is another kill now, which comes after that lift. */
function nameFor({ principal, input, elements }: Selected, once: boolean): KillName {
  const root = killRoot({
    projectId: elements[0]?.environment.projectId ?? "",
    principal,
    idempotencyKey: input.idempotencyKey,
    coverage: [selectorOf(input), [...input.environments].sort()],
    once,
  });
  const generations = elements.map(({ environment, flag }) => generationOf(environment.kills, root, flag));
  return { root, after: Math.max(0, ...generations) };
}

function selectorOf({ flags, tag, owner }: NewKill): Record<string, unknown> {
  if (flags) return { flags: [...flags].sort() };
  return tag === undefined ? { owner } : { tag };
}

function factOf({ principal, input, elements }: Selected, name: KillName): KillFact {
  const { reason, environments, expiresAt } = input;
  return {
    kind: "kill",
    id: killId(name),
    projectId: elements[0]?.environment.projectId ?? "",
    reason,
    actor: { kind: principal.kind, id: principal.id, name: principal.name },
    selector: { environments, ...selectorOf(input) },
    // Later than the lift that it comes after, also where this node's clock is behind.
    at: new Date(Math.max(Date.now(), name.after + 1)).toISOString(),
    expiresAt: expiresAt ?? null,
    elements: elements.map(({ environment, flag }) => ({ environmentId: environment.id, flag })),
  };
}
