import type { KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { Announcement, Counters, Fanout, LiftElement } from "../../fanout/index.ts";
import { mergeKilled, mergeLifted, missingFrom } from "./kill-set.ts";
import { readEnvironment, readKills, readPublications, startNewEpoch } from "./read.ts";
import { createRepairs, type Repairs } from "./repairs.ts";
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

export function createEnvironments(options: Options): Environments {
  return new EnvironmentMemory(options);
}

class EnvironmentMemory implements Environments {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #repairs: Repairs;
  readonly #states = new Map<string, EnvironmentState>();
  /** Kills of environments that are not in memory yet. */
  readonly #early = new Map<string, KillElement[]>();
  readonly #listeners: ((event: EnvironmentEvent) => void)[] = [];

  constructor({ database, fanout, log }: Options) {
    this.#database = database;
    this.#log = log;
    this.#repairs = createRepairs(log);
    fanout.listen((announcement) => this.#hear(announcement));
  }

  get(id: string): EnvironmentState | undefined {
    return this.#states.get(id);
  }

  async require(id: string): Promise<EnvironmentState> {
    if (!this.#states.has(id)) await this.#repairs.run(id, () => this.#load(id)).catch(() => {});
    const state = this.#states.get(id);
    if (state) return state;
    throw new AppError("unavailable", "This node does not have the environment's flags yet.", {
      retryAfterSeconds: 1,
    });
  }

  all(): Iterable<EnvironmentState> {
    return this.#states.values();
  }

  settled(id: string): Promise<void> {
    return this.#repairs.settled(id);
  }

  allSettled(): Promise<void> {
    return this.#repairs.allSettled();
  }

  listen(listener: (event: EnvironmentEvent) => void): void {
    this.#listeners.push(listener);
  }

  adopt(state: EnvironmentState): void {
    if (!this.#states.has(state.id)) this.#states.set(state.id, state);
  }

  kill(id: string, elements: KillElement[]): void {
    const environment = this.#states.get(id);
    if (environment) this.#killed(environment, elements);
    else this.#early.set(id, [...(this.#early.get(id) ?? []), ...elements]);
  }

  #emit(event: EnvironmentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #killed(environment: EnvironmentState, elements: Iterable<KillElement>): void {
    const fresh = mergeKilled(environment.kills, elements);
    if (fresh.length > 0) this.#emit({ type: "killed", environment, elements: fresh });
  }

  #lifted(environment: EnvironmentState, elements: Iterable<LiftElement>): void {
    const fresh = mergeLifted(environment.kills, elements);
    if (fresh.length > 0) this.#emit({ type: "lifted", environment, elements: fresh });
  }

  #patched(environment: EnvironmentState, patch: Patch): void {
    applyPatch(environment, patch, performance.now());
    this.#emit({ type: "patched", environment, patch });
  }

  #hear(announcement: Announcement): void {
    switch (announcement.type) {
      case "published":
        this.#published(announcement);
        return;
      case "counters":
        this.#compare(announcement.environmentId, announcement.counters);
        return;
      case "killed":
        this.kill(announcement.environmentId, announcement.elements);
        return;
      case "lifted": {
        const environment = this.#states.get(announcement.environmentId);
        if (environment) this.#lifted(environment, announcement.elements);
        return;
      }
      case "drill": {
        const { environmentId, element } = announcement;
        const environment = this.#states.get(environmentId);
        // Not merged, so that no set grows: streams hear of it as of any kill.
        if (environment) this.#emit({ type: "killed", environment, elements: [element] });
        return;
      }
      case "access":
      case "recorded":
      case "connections":
      case "receipts":
        return;
    }
  }

  /** Applies what fits, and reads the rest. */
  #published(announcement: Announcement & { type: "published" }): void {
    const { environmentId: id, epoch, from, to, content } = announcement;
    const environment = this.#states.get(id);
    if (!environment || epoch > environment.epoch) {
      this.#repairs.soon(id, () => this.#load(id));
      return;
    }
    if (epoch < environment.epoch || to <= environment.revision) return;
    if (!content || !fits(environment, { epoch, from })) {
      this.#repairs.soon(id, () => this.#catchUp(environment, to));
      return;
    }
    const flags = entriesOf(content.flags, to);
    const segments = entriesOf(content.segments, to);
    this.#patched(environment, { epoch, from, to, flags, segments });
  }

  /** Repairs whatever is not as the database has it. */
  #compare(id: string, counters: Counters): void {
    const environment = this.#states.get(id);
    if (!environment || (counters.epoch > environment.epoch && !isBehind(counters, environment))) {
      this.#repairs.soon(id, () => this.#load(id));
      return;
    }
    if (isBehind(counters, environment)) {
      this.#log.warn({ environmentId: id }, "the database is behind what was served: a new epoch begins");
      this.#repairs.soon(id, () => startNewEpoch(this.#database, environment).then(() => this.#load(id)));
      return;
    }
    const { revision, killsCounter, killsCountedAt } = environment;
    const lostKills = counters.kills < killsCounter && counters.readAt > killsCountedAt;
    const newKills = counters.kills > killsCounter || lostKills;
    if (counters.revision <= revision && !newKills) return;
    this.#repairs.soon(id, async () => {
      if (newKills) await this.#catchUpKills(environment, counters.kills, lostKills);
      if (counters.revision > environment.revision) await this.#catchUp(environment, counters.revision);
    });
  }

  async #load(id: string): Promise<void> {
    const fresh = await readEnvironment(this.#database, id);
    if (!fresh) return;
    const known = this.#states.get(id);
    if (known && known.epoch === fresh.epoch && known.revision >= fresh.revision) return;
    const environment = known ? Object.assign(known, { ...fresh, kills: known.kills }) : fresh;
    this.#states.set(id, environment);
    this.#killed(environment, this.#early.get(id) ?? []);
    this.#early.delete(id);
    this.#emit({ type: "replaced", environment });
    await this.#catchUpKills(environment, fresh.killsCounter, known !== undefined);
  }

  async #catchUp(environment: EnvironmentState, to: number): Promise<void> {
    const { epoch, revision: from, id } = environment;
    const content = await readPublications(this.#database, id, { epoch, from, to });
    const patch = { epoch, from, to, ...content };
    if (fits(environment, patch)) this.#patched(environment, patch);
  }

  async #catchUpKills(environment: EnvironmentState, counter: number, mayHaveLost: boolean): Promise<void> {
    const kills = await readKills(this.#database, environment.id);
    if (mayHaveLost)
      this.#emit({ type: "kills-lost", environment, ...missingFrom(kills, environment.kills) });
    environment.killsCounter = counter;
    environment.killsCountedAt = performance.now();
    // Lifts first: an element that was killed and lifted meanwhile is never sent as killed.
    this.#lifted(environment, kills.lifted);
    this.#killed(environment, kills.killed);
  }
}

function entriesOf<Content>(contents: Record<string, Content | null>, revision: number) {
  return new Map(Object.entries(contents).map(([key, content]) => [key, entryOf(content, revision)]));
}

/** Only what was read after the newest revision was served proves that the database lost it. */
function isBehind(counters: Counters, served: EnvironmentState): boolean {
  if (counters.readAt <= served.revisedAt) return false;
  return (
    counters.epoch < served.epoch || (counters.epoch === served.epoch && counters.revision < served.revision)
  );
}
