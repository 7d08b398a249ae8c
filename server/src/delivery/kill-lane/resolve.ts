import type { NewKill } from "@lanyard/contract";
import { invalidBody } from "../../errors.ts";
import type { EnvironmentState } from "../environments/index.ts";
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
  services: Pick<KillServices, "environments" | "fanout" | "flagIndex">,
  environments: EnvironmentState[],
  input: NewKill,
): Promise<Resolved> {
  const { fanout, flagIndex } = services;
  const projectId = environments[0]?.projectId ?? "";
  if (input.tag !== undefined && fanout.databaseUp)
    await within(CATCH_UP_MS, flagIndex.settled(projectId)).catch(() => {});
  const wanted = () =>
    input.tag === undefined ? [...new Set(input.flags)] : flagIndex.withTag(projectId, input.tag);
  let resolved = lookUp(environments, wanted());
  if (isIncomplete(resolved) && fanout.databaseUp) {
    await within(CATCH_UP_MS, catchUp(services, environments)).catch(() => {});
    resolved = lookUp(environments, wanted());
  }
  if (resolved.perEnvironment.some(({ flags }) => flags.length > 0)) return resolved;
  throw invalidBody([
    input.tag === undefined
      ? { path: "/flags", message: `no such flag: ${resolved.unknownFlags.join(", ")}` }
      : { path: "/tag", message: `no flag has the tag ${input.tag}` },
  ]);
}

function isIncomplete({ perEnvironment, unknownFlags }: Resolved): boolean {
  return unknownFlags.length > 0 || perEnvironment.every(({ flags }) => flags.length === 0);
}

function lookUp(environments: EnvironmentState[], wanted: string[]): Resolved {
  const isKnown = ({ flags }: EnvironmentState, key: string) => (flags.get(key)?.content ?? null) !== null;
  return {
    perEnvironment: environments.map((environment) => ({
      environment,
      flags: wanted.filter((key) => isKnown(environment, key)),
    })),
    unknownFlags: wanted.filter((key) => !environments.some((environment) => isKnown(environment, key))),
  };
}

async function catchUp(
  { fanout, environments, flagIndex }: Pick<KillServices, "environments" | "fanout" | "flagIndex">,
  behind: EnvironmentState[],
): Promise<void> {
  await fanout.look();
  await Promise.all(behind.map(({ id }) => environments.settled(id)));
  await flagIndex.settled(behind[0]?.projectId ?? "");
}
