import type { AcceptedKill, NewKill } from "@lanyard/contract";
import type { KillTokenActor } from "../../access/index.ts";
import { acceptAlert, requireKill } from "./accept.ts";
import { type Episode, readAlert } from "./alert.ts";
import { findEnvironments } from "./find-environments.ts";
import type { KillServices } from "./kill-services.ts";
import { type EpisodeName, liftEpisodes } from "./lift-episodes.ts";

interface Trigger {
  project: string;
  environment: string;
  flag?: string | undefined;
  tag?: string | undefined;
  owner?: string | undefined;
}

interface Outcome {
  outcome: "killed" | "lifted" | "ignored";
  kill: AcceptedKill | null;
}

/** What one message of an alert does: the URL says where and what, `body` only why and which episode. */
export async function answerAlert(
  services: KillServices,
  actor: KillTokenActor,
  trigger: Trigger,
  body: Record<string, unknown>,
): Promise<Outcome> {
  const { reason, firing, resolved } = readAlert(body);
  const nameOf = (episode: Episode): EpisodeName => ({
    idempotencyKey: `alert ${JSON.stringify([trigger, episode])}`,
    // An alert that does not tell its episodes apart is one that goes on until the kill is lifted.
    once: episode !== null,
  });
  // First the kill: a group that goes on without the alert that began it must not let go in between.
  const kill =
    firing === undefined ? undefined : await killFor(services, actor, trigger, reason, nameOf(firing));
  const lifted =
    actor.liftsOnResolve &&
    resolved.length > 0 &&
    (await lift(services, actor, trigger, reason, resolved.map(nameOf)));
  if (kill) return { outcome: "killed", kill };
  return { outcome: lifted ? "lifted" : "ignored", kill: null };
}

function killFor(
  services: KillServices,
  actor: KillTokenActor,
  trigger: Trigger,
  reason: string,
  name: EpisodeName,
) {
  const { project, environment, flag, tag, owner } = trigger;
  const input: NewKill = {
    project,
    environments: [environment],
    ...(flag !== undefined && { flags: [flag] }),
    ...(tag !== undefined && { tag }),
    ...(owner !== undefined && { owner }),
    reason,
  };
  return acceptAlert(services, actor, input, name);
}

async function lift(
  services: KillServices,
  actor: KillTokenActor,
  trigger: Trigger,
  reason: string,
  names: EpisodeName[],
) {
  const places = { project: trigger.project, environments: [trigger.environment] };
  const [environment] = await findEnvironments(services, places, (projectId, environmentId) =>
    requireKill(actor, projectId, environmentId),
  );
  return environment !== undefined && liftEpisodes(services, actor, { environment, reason, names });
}
