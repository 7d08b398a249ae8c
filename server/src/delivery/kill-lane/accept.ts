import type { AcceptedKill, NewKill } from "@lanyard/contract";
import { type Actor, coversEnvironment, requirePermission } from "../../access/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import {
  flagsUnder,
  generationOf,
  isKilled,
  type KillFact,
  type KillName,
  type KillSubject,
  killId,
  killRoot,
} from "../../fanout/index.ts";
import { type EnvironmentState, REMEMBERED_MS } from "../environments/index.ts";
import { findEnvironments } from "./find-environments.ts";
import type { KillServices } from "./kill-services.ts";
import type { Kept } from "./lane.ts";
import type { EpisodeName } from "./lift-episodes.ts";
import { killsAccepted } from "./metrics.ts";
import { resolveSelector } from "./resolve.ts";

type Principal = Extract<Actor, { kind: "user" | "token" | "kill-token" | "system" }>;

/** Kills flags at once. Everything it needs is in memory: no database, no approval. */
export async function acceptKill(
  services: KillServices,
  actor: Actor,
  input: NewKill,
): Promise<AcceptedKill> {
  const selected = await select(services, await ask(services, actor, input));
  return acceptElements(services, selected, { subject: subjectOf(input), once: false });
}

/**
 * The same for an alert. Repeating an episode kills nothing that it did not kill when it began, and undoes no lift:
 * undefined when it was lifted.
 */
export async function acceptAlert(
  services: KillServices,
  actor: Actor,
  input: NewKill,
  { idempotencyKey, once }: EpisodeName,
): Promise<AcceptedKill | undefined> {
  const asked = await ask(services, actor, input);
  const episode = { subject: { idempotencyKey }, once };
  const begun = once ? elementsUnder(asked, rootFor(asked, episode)) : [];
  const selected =
    begun.length > 0 ? { ...asked, elements: begun, unknownFlags: [] } : await select(services, asked);
  const isOver = () => once && nameFor(selected, episode).after > 0;
  if (isOver()) return undefined;
  const accepted = await acceptElements(services, selected, episode);
  return isOver() ? undefined : accepted;
}

interface Asked {
  principal: Principal;
  input: NewKill;
  environments: EnvironmentState[];
}

interface Selected extends Asked {
  elements: SelectedElement[];
  unknownFlags: string[];
}

interface SelectedElement {
  environment: EnvironmentState;
  flag: string;
}

async function ask(services: KillServices, actor: Actor, input: NewKill): Promise<Asked> {
  const principal = mayKill(actor);
  const environments = await findEnvironments(services, input, (projectId, environmentId) =>
    requireKill(principal, projectId, environmentId),
  );
  refuseWrongTimes(input);
  return { principal, input, environments };
}

async function select(services: KillServices, asked: Asked): Promise<Selected> {
  const { perEnvironment, unknownFlags } = await resolveSelector(services, asked.environments, asked.input);
  const elements = perEnvironment.flatMap(({ environment, flags }) =>
    flags.map((flag) => ({ environment, flag })),
  );
  return { ...asked, elements, unknownFlags };
}

/** What was ever killed under that root there. */
function elementsUnder({ environments }: Asked, root: string): SelectedElement[] {
  return environments.flatMap((environment) =>
    flagsUnder(environment.kills, root).map((flag) => ({ environment, flag })),
  );
}

async function acceptElements(
  services: KillServices,
  selected: Selected,
  request: Request,
): Promise<AcceptedKill> {
  const { principal, environments, elements, unknownFlags } = selected;
  if (principal.kind !== "user" && elements.every(isHeldDown)) await services.limitToken(principal.id);
  const { id, recorded, durable, pending, reach } = await holdDown(services, selected, request);
  killsAccepted.inc();
  return {
    id,
    flags: unique(elements.map(({ flag }) => flag)),
    environments: environments.map(({ key }) => key),
    unknownFlags,
    ...(recorded && { expiresAt: recorded.expiresAt }),
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

/**
 * Where a lift that this node had not heard of has ended the kill by the database's time, it is accepted again, as what
 * comes after that lift. Only who is still being answered does so: what is drained later never comes back.
 */
async function holdDown(services: KillServices, selected: Selected, request: Request): Promise<Kept> {
  const accept = () => services.lane.accept(factOf(selected, nameFor(selected, request)));
  const kept = await accept();
  const over = kept.recorded?.over ?? [];
  for (const { environmentId, flag, at } of over)
    services.environments.merge(environmentId, { lifted: [{ id: kept.id, flag, at }] });
  return over.length === 0 || request.once ? kept : accept();
}

function isHeldDown({ environment, flag }: SelectedElement): boolean {
  return isKilled(environment.kills, flag);
}

function mayKill(actor: Actor): Principal {
  if (actor.kind === "sdk") throw new AppError("forbidden", "An SDK key cannot kill.");
  return actor;
}

/** Throws unless the caller may kill there. */
export function requireKill(actor: Principal, projectId: string, environmentId: string | undefined): void {
  if (actor.kind !== "kill-token") requirePermission(actor, projectId, "kill", environmentId);
  else if (actor.projectId !== projectId) throw notFound("project");
  else if (environmentId !== undefined && !coversEnvironment(actor, environmentId))
    throw new AppError("forbidden", "This token is not valid for that environment.");
}

function refuseWrongTimes({ expiresAt, changedSince }: NewKill): void {
  const now = Date.now();
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
    throw invalidBody([{ path: "/expiresAt", message: "is in the past" }]);
  if (changedSince === undefined) return;
  const agoMs = now - Date.parse(changedSince);
  if (agoMs < 0) throw invalidBody([{ path: "/changedSince", message: "is in the future" }]);
  if (agoMs > REMEMBERED_MS)
    throw invalidBody([{ path: "/changedSince", message: "is more than a day ago" }]);
}

interface Request {
  subject: KillSubject;
  once: boolean;
}

function rootFor({ principal, environments }: Asked, request: Request): string {
  return killRoot({ projectId: environments[0]?.projectId ?? "", principal, ...request });
}

/** A request that was lifted before is another kill now, which comes after that lift. */
function nameFor(selected: Selected, request: Request): KillName {
  const root = rootFor(selected, request);
  const generations = selected.elements.map(({ environment, flag }) =>
    generationOf(environment.kills, root, flag),
  );
  return { root, after: Math.max(0, ...generations) };
}

/**
 * Who kills the same twice kills once, by whatever key. Only the time of a change is one that a retry may say anew, so
 * there the key tells.
 */
function subjectOf(input: NewKill): KillSubject {
  const { changedSince, idempotencyKey, environments } = input;
  if (changedSince !== undefined && idempotencyKey !== undefined) return { idempotencyKey };
  return { coverage: [selectorOf(input), unique(environments)] };
}

function selectorOf({ flags, tag, owner, changedSince }: NewKill): Record<string, unknown> {
  if (flags) return { flags: unique(flags) };
  if (changedSince !== undefined) return { changedSince };
  return tag === undefined ? { owner } : { tag };
}

/** What is named twice, or in another order, is the same. */
function unique(keys: string[]): string[] {
  return [...new Set(keys)].sort();
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
