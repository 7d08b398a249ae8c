import { pino } from "pino";
import type { Actor } from "../../../access/index.ts";
import type { Announcement, Fact, Fanout, Shelf } from "../../../fanout/index.ts";
import { activeKills, createSigner, liftedOf } from "../../../fanout/index.ts";
import {
  createEnvironments,
  type Environments,
  type StoredEnvironment,
  toStored,
} from "../../environments/index.ts";
import { nameOf } from "../facts.ts";
import type { Journal } from "../journal.ts";
import type { KillServices } from "../kill-services.ts";
import { type KillLane, openKillLane } from "../lane.ts";
import { createPeers } from "../peers.ts";
import { type Postgres, placeOf } from "./model-postgres.ts";
import type { ModelSdk } from "./model-sdk.ts";

const log = pino({ level: "silent" });

/** Messages on their way to each node, and the shelf. */
export class Redis {
  up = true;
  readonly shelf = new Map<string, string>();
  readonly inboxes = new Map<string, Announcement[]>();
}

/** One server node: the real lane and the real memory over modelled stores. What is on its disk outlives a crash. */
export class ModelNode {
  readonly #id: string;
  readonly #postgres: Postgres;
  readonly #redis: Redis;
  readonly #heard: (fact: Fact) => void;
  readonly #journaled = new Map<string, Fact>();
  #copy: StoredEnvironment[] = [];
  reachesPostgres = true;
  reachesRedis = true;
  /** Undefined while it is crashed. */
  running: { environments: Environments; lane: KillLane; services: KillServices; fanout: Fanout } | undefined;
  readonly #sdks = new Set<ModelSdk>();

  constructor(id: string, stores: { postgres: Postgres; redis: Redis }, heard: (fact: Fact) => void) {
    this.#id = id;
    this.#postgres = stores.postgres;
    this.#redis = stores.redis;
    this.#heard = heard;
    this.start();
  }

  start(): void {
    const fanout = this.#fanout();
    const environments = createEnvironments({
      reader: this.#postgres.reader(() => this.#ask()),
      fanout,
      log,
    });
    for (const stored of this.#copy) environments.recall(structuredClone(stored));
    environments.listen((event) => {
      for (const sdk of this.#sdks) sdk.hear(event);
    });
    const lane = openKillLane({
      fanout,
      environments,
      record: async (fact) => this.#commit(() => this.#postgres.commit(fact)),
      restoreKills: async (lost) => this.#commit(() => this.#postgres.restoreKills(lost)),
      journal: this.#journal(),
      peers: createPeers([], createSigner("the model has none")),
      dataDirPersistent: true,
      log,
    });
    const services = {
      environments,
      fanout,
      lane,
      projectIndex: { of: () => undefined, settled: async () => {} },
      connected: () => 0,
      limitToken: async () => {},
    } as unknown as KillServices;
    this.running = { environments, lane, services, fanout };
  }

  async crash(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    this.#redis.inboxes.set(this.#id, []);
    this.#sdks.clear();
    await running?.lane.close();
  }

  /** What the copy in the data folder does every two seconds. */
  save(): void {
    this.#copy = [...(this.running?.environments.all() ?? [])].map((state) =>
      structuredClone(toStored(state)),
    );
  }

  async look(): Promise<void> {
    await this.running?.fanout.look().catch(() => this.running?.environments.serveRecalled());
    await this.running?.environments.allSettled().catch(() => {});
  }

  deliver(order: "first" | "last" | "lost"): void {
    const inbox = this.#redis.inboxes.get(this.#id) ?? [];
    const message = order === "last" ? inbox.pop() : inbox.shift();
    if (message && order !== "lost") this.#tell(message);
  }

  /** Returns how the stream ends; undefined when there is none. */
  connect(sdk: ModelSdk): (() => void) | undefined {
    const state = this.running?.environments.get(sdk.environmentId);
    if (!state) return undefined;
    this.#sdks.add(sdk);
    sdk.open(activeKills(state.kills), liftedOf(state.kills, new Set(sdk.held().map(({ id }) => id))));
    return () => void this.#sdks.delete(sdk);
  }

  isIdle(): boolean {
    return this.#journaled.size === 0;
  }

  readonly #listeners = new Set<(announcement: Announcement) => void>();

  #tell(announcement: Announcement): void {
    for (const listener of this.#listeners) listener(announcement);
  }

  #ask(): void {
    if (this.#postgres.up && this.reachesPostgres) return;
    throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
  }

  #commit<Result>(work: () => Result): Result {
    this.#ask();
    const result = work();
    if (!this.#postgres.loseNextAnswer) return result;
    this.#postgres.loseNextAnswer = false;
    throw Object.assign(new Error("cut"), { code: "ECONNRESET" });
  }

  #fanout(): Fanout {
    this.#listeners.clear();
    const redis = this.#redis;
    const reachesRedis = () => redis.up && this.reachesRedis;
    const shelf = this.#shelf(reachesRedis);
    return {
      node: this.#id,
      announce: (announcement) => {
        if ("fact" in announcement && announcement.fact) this.#heard(announcement.fact);
        this.#tell(announcement);
        if (!reachesRedis()) return;
        for (const [id, inbox] of redis.inboxes)
          if (id !== this.#id) inbox.push(structuredClone(announcement));
      },
      listen: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      look: async () => {
        const readAt = performance.now();
        this.#ask();
        for (const id of this.#postgres.environmentIds) {
          const { epoch, revision, kills } = this.#postgres.row(id);
          const counters = { ...placeOf(id), epoch, revision, kills, access: 0, readAt };
          this.#tell({ type: "counters", environmentId: id, counters });
        }
      },
      shelf,
      get databaseUp() {
        return true;
      },
      get redisUp() {
        return reachesRedis();
      },
      close: async () => {},
    };
  }

  #shelf(reaches: () => boolean): Shelf {
    const values = this.#redis.shelf;
    const ask = async () => {
      if (!reaches()) throw new Error("redis is away");
    };
    return {
      put: (key, value) => ask().then(() => void values.set(key, value)),
      all: () => ask().then(() => new Map(values)),
      remove: (keys) => ask().then(() => keys.forEach((key) => void values.delete(key))),
    };
  }

  #journal(): Journal {
    const files = this.#journaled;
    return {
      write: (fact) => void files.set(nameOf(fact), fact),
      remove: (fact) => void files.delete(nameOf(fact)),
      setAside: () => {},
      load: () => ({ waiting: [...files.values()], aside: [], damaged: [] }),
    };
  }
}

export const OWNER: Actor = {
  kind: "user",
  id: "ada",
  name: "Ada",
  email: "",
  instanceAdmin: false,
  memberships: [{ projectId: "prj", projectKey: "shop", projectName: "Shop", role: "owner", access: 0 }],
};
