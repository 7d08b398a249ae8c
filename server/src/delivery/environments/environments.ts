import type { KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import { AppError } from "../../errors.ts";
import {
  type Announcement,
  type Counters,
  type Elements,
  type Fanout,
  type LiftElement,
  mergeKills,
  missingFrom,
} from "../../fanout/index.ts";
import { noteReached } from "./changed-since.ts";
import type { EnvironmentReader } from "./read.ts";
import { createRepairs, type Repairs } from "./repairs.ts";
import {
  applyPatch,
  type EnvironmentState,
  entryOf,
  fits,
  type Lineage,
  type Patch,
  type Segments,
} from "./state.ts";
import { fromStored, type StoredEnvironment } from "./stored.ts";

/** What changed in an environment that this node serves. */
export type EnvironmentEvent =
  /** `before`: the segments that it replaced. */
  | { type: "patched"; environment: EnvironmentState; patch: Patch; before: Segments }
  /** Another lineage, or too far behind for a patch. */
  | { type: "replaced"; environment: EnvironmentState }
  | { type: "killed"; environment: EnvironmentState; elements: KillElement[] }
  | { type: "lifted"; environment: EnvironmentState; elements: LiftElement[] }
  /** The database has not got them: they wait to be drained, or a restored backup or a failover lost them. */
  | ({ type: "kills-lost"; environment: EnvironmentState } & Elements);

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
  /** Merges kills and lifts that no announcement told of. */
  merge(environmentId: string, elements: Partial<Elements>): void;
  listen(listener: (event: EnvironmentEvent) => void): void;
  /**
   * What an earlier run of this node served. The database is held against it before anything is served from there: one
   * that is behind begins a new epoch, and kills that it lacks are put back.
   */
  recall(stored: StoredEnvironment): void;
  /** Serves what was recalled, while the database is away; what that says later replaces it. */
  serveRecalled(): void;
}

interface Options {
  reader: EnvironmentReader;
  fanout: Fanout;
  log: Logger;
}

export function createEnvironments(options: Options): Environments {
  return new EnvironmentMemory(options);
}

class EnvironmentMemory implements Environments {
  readonly #reader: EnvironmentReader;
  readonly #log: Logger;
  readonly #repairs: Repairs;
  readonly #states = new Map<string, EnvironmentState>();
  /** From an earlier run, until the environment is in memory. */
  readonly #recalled = new Map<string, StoredEnvironment>();
  /** Kills and lifts of environments that are not in memory yet. */
  readonly #early = new Map<string, Partial<Elements>[]>();
  readonly #listeners: ((event: EnvironmentEvent) => void)[] = [];

  constructor({ reader, fanout, log }: Options) {
    this.#reader = reader;
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

  recall(stored: StoredEnvironment): void {
    this.#recalled.set(stored.id, stored);
  }

  serveRecalled(): void {
    for (const [id, stored] of this.#recalled) {
      const state = fromStored(stored);
      this.#states.set(id, state);
      this.#mergeEarly(state);
    }
    this.#recalled.clear();
  }

  merge(id: string, elements: Partial<Elements>): void {
    const environment = this.#states.get(id);
    if (environment) this.#merge(environment, elements);
    else this.#early.set(id, [...(this.#early.get(id) ?? []), elements]);
  }

  #emit(event: EnvironmentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells of kills first: a flag that goes from one kill to another stays down. */
  #merge(environment: EnvironmentState, elements: Partial<Elements>): void {
    const { killed, lifted } = mergeKills(environment.kills, elements);
    if (killed.length > 0) this.#emit({ type: "killed", environment, elements: killed });
    if (lifted.length > 0) this.#emit({ type: "lifted", environment, elements: lifted });
  }

  #mergeEarly(environment: EnvironmentState): void {
    for (const elements of this.#early.get(environment.id) ?? []) this.#merge(environment, elements);
    this.#early.delete(environment.id);
  }

  #patched(environment: EnvironmentState, patch: Patch): void {
    const before = applyPatch(environment, patch, performance.now());
    noteReached(environment, { revision: patch.to, at: Date.now() });
    this.#emit({ type: "patched", environment, patch, before });
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
        this.merge(announcement.environmentId, { killed: announcement.elements });
        return;
      case "lifted":
        this.merge(announcement.environmentId, { lifted: announcement.elements });
        return;
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
      case "held":
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
    const attributes = entriesOf(content.attributes, to);
    this.#patched(environment, { epoch, from, to, flags, segments, attributes });
  }

  /** Repairs whatever is not as the database has it. */
  #compare(id: string, counters: Counters): void {
    const environment = this.#states.get(id);
    if (!environment || (counters.epoch > environment.epoch && !isBehind(counters, environment))) {
      this.#repairs.soon(id, () => this.#load(id));
      return;
    }
    if (isBehind(counters, environment)) {
      this.#repairs.soon(id, () => this.#loadNewEpoch(environment));
      return;
    }
    const { revision, killsCounter, killsCountedAt } = environment;
    const lostKills = counters.kills < killsCounter && counters.readAt > killsCountedAt;
    const newKills = counters.kills > killsCounter || lostKills;
    if (counters.revision <= revision && !newKills) return;
    this.#repairs.soon(id, async () => {
      if (newKills) await this.#catchUpKills(environment, counters.kills);
      if (counters.revision > environment.revision) await this.#catchUp(environment, counters.revision);
    });
  }

  async #load(id: string): Promise<void> {
    const fresh = await this.#reader.environment(id);
    if (!fresh) return;
    const kills = await this.#reader.kills(id);
    const recalled = this.#recalled.get(id);
    if (recalled && isBefore(fresh, recalled)) return this.#loadNewEpoch(recalled);
    const known = this.#states.get(id);
    if (known && !isBefore(known, fresh)) return;
    if (recalled) mergeKills(fresh.kills, recalled);
    this.#recalled.delete(id);
    const environment = known ? Object.assign(known, { ...fresh, kills: known.kills }) : fresh;
    this.#states.set(id, environment);
    this.#mergeEarly(environment);
    this.#emit({ type: "replaced", environment });
    this.#takeKills(environment, kills, fresh.killsCounter);
  }

  async #loadNewEpoch(served: Lineage & { id: string }): Promise<void> {
    this.#log.warn(
      { environmentId: served.id },
      "the database is behind what was served: a new epoch begins",
    );
    await this.#reader.startNewEpoch(served);
    await this.#load(served.id);
  }

  async #catchUp(environment: EnvironmentState, to: number): Promise<void> {
    const { epoch, revision: from, id } = environment;
    const content = await this.#reader.publications(id, { epoch, from, to });
    const patch = { epoch, from, to, ...content };
    if (fits(environment, patch)) this.#patched(environment, patch);
  }

  async #catchUpKills(environment: EnvironmentState, counter: number): Promise<void> {
    this.#takeKills(environment, await this.#reader.kills(environment.id), counter);
  }

  #takeKills(environment: EnvironmentState, kills: Elements, counter: number): void {
    // Whatever the counter says: kills after a restore can have raised it above what was served.
    const lost = missingFrom(kills, environment.kills);
    if (lost.killed.length + lost.lifted.length > 0) this.#emit({ type: "kills-lost", environment, ...lost });
    environment.killsCounter = counter;
    environment.killsCountedAt = performance.now();
    this.#merge(environment, kills);
  }
}

function entriesOf<Content>(contents: Record<string, Content | null>, revision: number) {
  return new Map(Object.entries(contents).map(([key, content]) => [key, entryOf(content, revision)]));
}

/** Only what was read after the newest revision was served proves that the database lost it. */
function isBehind(counters: Counters, served: EnvironmentState): boolean {
  return counters.readAt > served.revisedAt && isBefore(counters, served);
}

function isBefore(one: Lineage, other: Lineage): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.revision < other.revision);
}
