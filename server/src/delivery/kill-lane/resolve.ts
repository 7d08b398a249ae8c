import type { NewKill } from "@lanyard/contract";
import { invalidBody } from "../../errors.ts";
import { type EnvironmentState, flagsChangedSince, type IndexedFlag } from "../environments/index.ts";
import type { KillServices } from "./kill-services.ts";
import { within } from "./within.ts";

/** How long a kill waits to learn of flags that this node has not heard of; known ones never wait. */
export const CATCH_UP_MS = 250;

interface Resolved {
  perEnvironment: { environment: EnvironmentState; flags: string[] }[];
  unknownFlags: string[];
}

/** The keys that a selector covers now; flags that match later are not covered. Throws when there are none. */
export async function resolveSelector(
  services: Pick<KillServices, "environments" | "fanout" | "projectIndex">,
  environments: EnvironmentState[],
  input: NewKill,
): Promise<Resolved> {
  const { fanout, projectIndex } = services;
  const projectId = environments[0]?.projectId ?? "";
  const selector = selectorOf(input);
  const lookUp = () => resolve(environments, selector, projectIndex.of(projectId)?.flags ?? []);
  if (!selector.byKey && fanout.databaseUp)
    await within(CATCH_UP_MS, projectIndex.settled(projectId)).catch(() => {});
  let resolved = lookUp();
  if (isIncomplete(resolved) && fanout.databaseUp) {
    await within(CATCH_UP_MS, catchUp(services, environments)).catch(() => {});
    resolved = lookUp();
  }
  if (resolved.perEnvironment.some(({ flags }) => flags.length > 0)) return resolved;
  throw invalidBody([{ path: selector.path, message: selector.nothing }]);
}

interface Selector {
  path: string;
  /** Named one by one, so that those that do not exist can be named back. */
  byKey: boolean;
  keys(flags: IndexedFlag[], environment: EnvironmentState): string[];
  nothing: string;
}

function selectorOf({ flags, tag, owner, changedSince }: NewKill): Selector {
  if (tag !== undefined) {
    const has = (flag: IndexedFlag) => flag.tags.includes(tag);
    return { path: "/tag", byKey: false, keys: keysOf(has), nothing: `no flag has the tag ${tag}` };
  }
  if (owner !== undefined) {
    const has = (flag: IndexedFlag) => flag.owner === owner;
    return { path: "/owner", byKey: false, keys: keysOf(has), nothing: `no flag is owned by ${owner}` };
  }
  if (changedSince !== undefined) {
    const since = Date.parse(changedSince);
    const keys = (_flags: IndexedFlag[], environment: EnvironmentState) =>
      flagsChangedSince(environment, since);
    const nothing = `no flag was changed there since ${changedSince}`;
    return { path: "/changedSince", byKey: false, keys, nothing };
  }
  const named = [...new Set(flags)];
  const nothing = `no such flag: ${named.join(", ")}`;
  return { path: "/flags", byKey: true, keys: () => named, nothing };
}

function keysOf(has: (flag: IndexedFlag) => boolean) {
  return (flags: IndexedFlag[]) => flags.filter(has).map(({ key }) => key);
}

function isIncomplete({ perEnvironment, unknownFlags }: Resolved): boolean {
  return unknownFlags.length > 0 || perEnvironment.every(({ flags }) => flags.length === 0);
}

function resolve(
  environments: EnvironmentState[],
  { keys, byKey }: Selector,
  indexed: IndexedFlag[],
): Resolved {
  const isKnown = ({ flags }: EnvironmentState, key: string) => (flags.get(key)?.content ?? null) !== null;
  const wanted = environments.map((environment) => ({ environment, flags: keys(indexed, environment) }));
  const isUnknown = (key: string) => !environments.some((environment) => isKnown(environment, key));
  return {
    perEnvironment: wanted.map(({ environment, flags }) => ({
      environment,
      flags: flags.filter((key) => isKnown(environment, key)),
    })),
    unknownFlags: byKey ? (wanted[0]?.flags ?? []).filter(isUnknown) : [],
  };
}

async function catchUp(
  { fanout, environments, projectIndex }: Pick<KillServices, "environments" | "fanout" | "projectIndex">,
  behind: EnvironmentState[],
): Promise<void> {
  await fanout.look();
  await Promise.all(behind.map(({ id }) => environments.settled(id)));
  await projectIndex.settled(behind[0]?.projectId ?? "");
}
