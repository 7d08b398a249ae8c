import type { Instance, KillReceipts } from "@lanyard/contract";
import type { EnvironmentState } from "../environments/index.ts";
import type { Instances, KnownInstance } from "./instances.ts";
import type { Tally } from "./tally.ts";

const LISTED_MAX = 500;
const NEED = { stale: 0, behind: 1, current: 2 };

export function presentTally(tally: Tally, instances: Instances, scope: KillReceipts["scope"]): KillReceipts {
  return tally.summary(scope, (id, { place, app, host }) => {
    const known = instances.get(place.id, id);
    return {
      instance: id,
      environment: place.key,
      app,
      host,
      stale: known === undefined || instances.isStale(known),
    };
  });
}

/** Those that need a look first. */
export function presentInstances(environment: EnvironmentState, instances: Instances) {
  const stateOf = (instance: KnownInstance): Instance["state"] => {
    if (instances.isStale(instance)) return "stale";
    const { epoch, revision } = environment;
    return instance.epoch === epoch && instance.revision >= revision ? "current" : "behind";
  };
  const all = instances.of(environment.id).map((instance) => ({ instance, state: stateOf(instance) }));
  const counts = { current: 0, behind: 0, stale: 0 };
  for (const { state } of all) counts[state] += 1;
  const nameOf = ({ app, host, id }: KnownInstance) => `${app ?? ""}\n${host ?? ""}\n${id}`;
  all.sort((a, b) => NEED[a.state] - NEED[b.state] || (nameOf(a.instance) < nameOf(b.instance) ? -1 : 1));
  const items = all.slice(0, LISTED_MAX).map(({ instance: { seenAt, ...word }, state }) => ({
    ...word,
    seenAt: new Date(Date.now() - instances.ageMs(seenAt)).toISOString(),
    state,
  }));
  return { epoch: environment.epoch, revision: environment.revision, counts, items };
}
