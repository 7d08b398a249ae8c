import type { KillPage, KnownKill, Project, ProjectKillPage } from "@lanyard/contract";
import { type Actor, coversEnvironment, requirePermission, roleIn } from "../../access/index.ts";
import { AppError, notFound } from "../../errors.ts";
import { activeKills, type KillFact, parseKillId } from "../../fanout/index.ts";
import type { EnvironmentState, IndexedProject } from "../environments/index.ts";
import type { KillServices } from "./kill-services.ts";
import { CATCH_UP_MS } from "./resolve.ts";
import { within } from "./within.ts";

type PageServices = Pick<
  KillServices,
  "environments" | "fanout" | "projectIndex" | "lane" | "receiptsOf" | "unrecorded" | "scope"
>;

const FLAGS_MAX = 20;
/** By then the look has found a hung database too. */
const LOOK_MS = 1_000;

/** Who asks, and where they may do what: in memory, all but whether the database answers at this moment. */
export async function readKillPage(
  { environments, fanout, projectIndex }: PageServices,
  actor: Actor,
): Promise<KillPage> {
  refuseKillToken(actor);
  if (fanout.databaseUp) await within(LOOK_MS, fanout.look()).catch(() => {});
  const byProject = new Map<string, EnvironmentState[]>();
  for (const state of environments.all())
    byProject.set(state.projectId, [...(byProject.get(state.projectId) ?? []), state]);
  const projects = [...byProject].flatMap(([id, states]) => {
    const role = roleIn(actor, id);
    return role ? [{ ...presentProject(id, states, projectIndex.of(id)), role }] : [];
  });
  return {
    account: { id: actor.id, name: actor.name },
    databaseUp: fanout.databaseUp,
    projects: projects.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** What can be killed in a project, and what is. */
export async function readProjectKillPage(
  services: PageServices,
  actor: Actor,
  { project, search }: { project: string; search: string },
): Promise<ProjectKillPage> {
  refuseKillToken(actor);
  const states = [...services.environments.all()].filter(({ projectKey }) => projectKey === project);
  const projectId = states[0]?.projectId;
  if (projectId === undefined) throw notFound("project");
  requirePermission(actor, projectId, "project:read");
  if (services.fanout.databaseUp)
    await within(CATCH_UP_MS, services.projectIndex.settled(projectId)).catch(() => {});
  const covered = states.filter(({ id }) => coversEnvironment(actor, id));
  const wanted = search.trim().toLowerCase();
  const flags = knownFlags(states, services.projectIndex.of(projectId));
  return {
    flags: flags
      .filter(({ key, name }) => key.includes(wanted) || name.toLowerCase().includes(wanted))
      .slice(0, FLAGS_MAX)
      .map(({ key, name }) => ({ key, name })),
    tags: distinct(flags.flatMap(({ tags }) => tags)),
    owners: distinct(flags.map(({ owner }) => owner).filter((owner) => owner !== "")),
    kills: knownKills(services, covered),
    unrecorded: covered.flatMap((state) =>
      services.unrecorded(state).map((held) => ({ ...held, environment: state.key })),
    ),
    scope: services.scope(),
  };
}

function refuseKillToken(actor: Actor): void {
  if (actor.kind === "kill-token")
    throw new AppError("forbidden", "A kill token reads the answers to its own kills, and nothing else.");
}

/** A project whose names this node has not read yet goes by its keys, and is handled with care. */
function presentProject(
  id: string,
  states: EnvironmentState[],
  indexed: IndexedProject | undefined,
): Omit<Project, "role"> {
  const key = states[0]?.projectKey ?? "";
  const place = ({ id }: EnvironmentState) => indexed?.environments.findIndex((each) => each.id === id) ?? 0;
  const environments = states
    .sort((a, b) => place(a) - place(b))
    .map(({ id, key, epoch, revision }) => ({
      ...{ id, key, name: key, color: "gray" as const, protected: true },
      ...indexed?.environments.find((each) => each.id === id),
      ...{ epoch, revision },
    }));
  return { id, key, name: indexed?.name ?? key, environments };
}

/** Those that any environment serves, by key. */
function knownFlags(
  states: EnvironmentState[],
  indexed: IndexedProject | undefined,
): IndexedProject["flags"] {
  const served = new Set(
    states.flatMap(({ flags }) =>
      [...flags].flatMap(([key, { content }]) => (content === null ? [] : [key])),
    ),
  );
  const described = new Map(indexed?.flags.map((flag) => [flag.key, flag]));
  return [...served].sort().map((key) => described.get(key) ?? { key, name: key, tags: [], owner: "" });
}

function knownKills({ lane, receiptsOf }: PageServices, states: EnvironmentState[]): KnownKill[] {
  const elements = new Map<string, KnownKill["elements"]>();
  for (const { key: environment, kills } of states)
    for (const { id, flag, at } of activeKills(kills))
      elements.set(id, [...(elements.get(id) ?? []), { environment, flag, at }]);
  const facts = lane.waiting(states[0]?.projectId ?? "");
  const known = [...elements].map(([id, own]): KnownKill => {
    const fact = newestFact(facts, id);
    return {
      id,
      reason: fact?.reason ?? null,
      by: fact?.actor ?? null,
      at: own.map(({ at }) => at).sort()[0] ?? "",
      expiresAt: fact?.expiresAt ?? null,
      elements: own,
      receipts: receiptsOf(id),
    };
  });
  return known.sort((a, b) => (a.at > b.at ? -1 : 1));
}

/** What was last said of a kill, under any id of its root: it may have gone on under a later one. */
function newestFact(facts: KillFact[], id: string): KillFact | undefined {
  const own = facts.filter((fact) => parseKillId(fact.id).root === parseKillId(id).root);
  return own.sort((a, b) => (a.at > b.at ? -1 : 1))[0];
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}
