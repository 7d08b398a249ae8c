import type { KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { Announcement, Counters, Fanout, LiftElement } from "../../fanout/index.ts";
import { mergeKilled, mergeLifted, missingFrom } from "./kill-set.ts";
import { readEnvironment, readKills, readPublications, startNewEpoch } from "./read.ts";
import { applyPatch, type EnvironmentState, entryOf, fits, type Patch } from "./state.ts";

/** What changed in an environment that this node serves. */
export type EnvironmentEvent =
  | { type: "patched"; environment: EnvironmentState; patch: Patch }
  /** Another lineage, or too far behind for a patch. */
  | { type: "replaced"; environment: EnvironmentState }
  | { type: "killed"; environment: EnvironmentState; elements: KillElement[] }
  | { type: "lifted"; environment: EnvironmentState; elements: LiftElement[] }
  /** The database came back without them: an older backup, or a failover that lost commits. */
  | { type: "kills-lost"; environment: EnvironmentState; killed: KillElement[]; lifted: LiftElement[] };

/** All environments in memory, kept at what the database has, and ahead of it in kills. */
export interface Environments {
  get(environmentId: string): EnvironmentState | undefined;
  /** Reads an environment that this node has not heard of yet. */
  require(environmentId: string): Promise<EnvironmentState>;
  all(): Iterable<EnvironmentState>;
  /** Resolves once a repair under way, if any, is over. */
  settled(environmentId: string): Promise<void>;
  /** Rejects when one of the repairs under way failed. */
  allSettled(): Promise<void>;
  /** Merges kills that no announcement told of. */
  kill(environmentId: string, elements: KillElement[]): void;
  listen(listener: (event: EnvironmentEvent) => void): void;
  /** From the copy in the data folder; what the database says replaces it. */
  adopt(state: EnvironmentState): void;
}

interface Options {
  database: Database;
  fanout: Fanout;
  log: Logger;
}

export function createEnvironments({ database, fanout, log }: Options): Environments {
  const states = new Map<string, EnvironmentState>();
  const repairs = new Map<string, Promise<void>>();
  /** Kills of environments that are not in memory yet. */
  const early = new Map<string, KillElement[]>();
  const listeners: ((event: EnvironmentEvent) => void)[] = [];
  const emit = (event: EnvironmentEvent) => {
    for (const listener of listeners) listener(event);
  };

  function killed(environment: EnvironmentState, elements: Iterable<KillElement>) {
    const fresh = mergeKilled(environment.kills, elements);
    if (fresh.length > 0) emit({ type: "killed", environment, elements: fresh });
  }

  function kill(id: string, elements: KillElement[]) {
    const environment = states.get(id);
    if (environment) killed(environment, elements);
    else early.set(id, [...(early.get(id) ?? []), ...elements]);
  }

  function lifted(environment: EnvironmentState, elements: Iterable<LiftElement>) {
    const fresh = mergeLifted(environment.kills, elements);
    if (fresh.length > 0) emit({ type: "lifted", environment, elements: fresh });
  }

  function patched(environment: EnvironmentState, patch: Patch) {
    applyPatch(environment, patch, performance.now());
    emit({ type: "patched", environment, patch });
  }

  async function catchUpKills(environment: EnvironmentState, counter: number, mayHaveLost: boolean) {
    const kills = await readKills(database, environment.id);
    if (mayHaveLost) emit({ type: "kills-lost", environment, ...missingFrom(kills, environment.kills) });
    environment.killsCounter = counter;
    environment.killsCountedAt = performance.now();
    // Lifts first: an element that was killed and lifted meanwhile is never sent as killed.
    lifted(environment, kills.lifted);
    killed(environment, kills.killed);
  }

  async function load(id: string): Promise<void> {
    const fresh = await readEnvironment(database, id);
    if (!fresh) return;
    const known = states.get(id);
    if (known && known.epoch === fresh.epoch && known.revision >= fresh.revision) return;
    const environment = known ? Object.assign(known, { ...fresh, kills: known.kills }) : fresh;
    states.set(id, environment);
    killed(environment, early.get(id) ?? []);
    early.delete(id);
    emit({ type: "replaced", environment });
    await catchUpKills(environment, fresh.killsCounter, known !== undefined);
  }

  async function catchUp(environment: EnvironmentState, to: number) {
    const { epoch, revision: from, id } = environment;
    const patch = { epoch, from, to, ...(await readPublications(database, id, { epoch, from, to })) };
    if (fits(environment, patch)) patched(environment, patch);
  }

  /** One repair at a time for each environment; the next look at the counters finds what is still missing. */
  function repair(id: string, work: () => Promise<void>): Promise<void> {
    const running = repairs.get(id);
    if (running) return running;
    const repairing = work().finally(() => repairs.delete(id));
    repairs.set(id, repairing);
    return repairing;
  }

  function repairSoon(id: string, work: () => Promise<void>) {
    repair(id, work).catch((error: unknown) =>
      log.debug({ err: error, environmentId: id }, "the database did not answer a repair; it is tried again"),
    );
  }

  function compare(id: string, counters: Counters) {
    const environment = states.get(id);
    if (!environment) return repairSoon(id, () => load(id));
    if (isBehind(counters, environment)) {
      log.warn({ environmentId: id }, "the database is behind what was served: a new epoch begins");
      return repairSoon(id, () => startNewEpoch(database, environment).then(() => load(id)));
    }
    if (counters.epoch > environment.epoch) return repairSoon(id, () => load(id));
    const { revision, killsCounter, killsCountedAt } = environment;
    const lostKills = counters.kills < killsCounter && counters.readAt > killsCountedAt;
    if (counters.revision <= revision && counters.kills <= killsCounter && !lostKills) return;
    repairSoon(id, async () => {
      if (counters.kills > killsCounter || lostKills)
        await catchUpKills(environment, counters.kills, lostKills);
      if (counters.revision > environment.revision) await catchUp(environment, counters.revision);
    });
  }

  function published(announcement: Announcement & { type: "published" }) {
    const { environmentId, epoch, from, to, content } = announcement;
    const environment = states.get(environmentId);
    if (!environment) return repairSoon(environmentId, () => load(environmentId));
    if (epoch > environment.epoch) return repairSoon(environmentId, () => load(environmentId));
    if (epoch < environment.epoch || to <= environment.revision) return;
    if (!content || !fits(environment, { epoch, from }))
      return repairSoon(environmentId, () => catchUp(environment, to));
    const entries = <Content>(contents: Record<string, Content | null>) =>
      new Map(Object.entries(contents).map(([key, value]) => [key, entryOf(value, to)]));
    patched(environment, {
      epoch,
      from,
      to,
      flags: entries(content.flags),
      segments: entries(content.segments),
    });
  }

  function hear(announcement: Announcement) {
    switch (announcement.type) {
      case "published":
        return published(announcement);
      case "counters":
        return compare(announcement.environmentId, announcement.counters);
      case "killed":
        return kill(announcement.environmentId, announcement.elements);
      case "lifted": {
        const environment = states.get(announcement.environmentId);
        if (environment) lifted(environment, announcement.elements);
        return;
      }
      case "access":
      case "recorded":
      case "connections":
        return;
    }
  }

  fanout.listen(hear);
  return {
    get: (id) => states.get(id),
    async require(id) {
      const known = states.get(id);
      if (known) return known;
      await repair(id, () => load(id)).catch(() => {});
      const loaded = states.get(id);
      if (loaded) return loaded;
      throw new AppError("unavailable", "This node does not have the environment's flags yet.", {
        retryAfterSeconds: 1,
      });
    },
    all: () => states.values(),
    settled: (id) => repairs.get(id) ?? Promise.resolve(),
    async allSettled() {
      await Promise.all(repairs.values());
    },
    kill,
    listen: (listener) => void listeners.push(listener),
    adopt: (state) => void (states.has(state.id) || states.set(state.id, state)),
  };
}

/** Only what was read after the newest revision was served proves that the database lost it. */
function isBehind(counters: Counters, served: EnvironmentState): boolean {
  if (counters.readAt <= served.revisedAt) return false;
  return (
    counters.epoch < served.epoch || (counters.epoch === served.epoch && counters.revision < served.revision)
  );
}
