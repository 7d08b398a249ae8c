import { invalidBody, notFound } from "../../errors.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import type { KillServices } from "./kill-services.ts";
import { CATCH_UP_MS } from "./resolve.ts";
import { within } from "./within.ts";

interface Places {
  project: string;
  environments: string[];
}

/**
 * The environments named, from memory. `authorise` throws for who may not, asked of the project before anything of it
 * is told, and then of each environment.
 */
export async function findEnvironments(
  services: Pick<KillServices, "environments" | "fanout">,
  places: Places,
  authorise: (projectId: string, environmentId?: string) => void,
): Promise<EnvironmentState[]> {
  let found = lookUp(services.environments, places);
  // Who may not hears of a project that is there as late as of one that is not.
  if (found.includes(undefined) || !succeeds(() => authorise(findProject(services.environments, places)))) {
    await within(CATCH_UP_MS, catchUp(services)).catch(() => {});
    found = lookUp(services.environments, places);
  }
  const projectId = findProject(services.environments, places);
  authorise(projectId);
  const faults = found.flatMap((environment, index) =>
    environment ? [] : [{ path: `/environments/${index}`, message: "there is no such environment" }],
  );
  if (faults.length > 0) throw invalidBody(faults);
  const known = [...new Set(found as EnvironmentState[])];
  for (const { id } of known) authorise(projectId, id);
  return known;
}

function findProject(environments: Environments, { project }: Places): string {
  const known = [...environments.all()].find(({ projectKey }) => projectKey === project);
  if (!known) throw notFound("project");
  return known.projectId;
}

function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

function lookUp(environments: Environments, { project, environments: keys }: Places) {
  const all = [...environments.all()].filter(({ projectKey }) => projectKey === project);
  return keys.map((key) => all.find((environment) => environment.key === key));
}

/** An environment made a moment ago on another node may not be in memory yet. */
async function catchUp({
  fanout,
  environments,
}: Pick<KillServices, "environments" | "fanout">): Promise<void> {
  await fanout.look();
  await environments.allSettled();
}
