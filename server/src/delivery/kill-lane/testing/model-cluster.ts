import { setImmediate } from "node:timers/promises";
import type { KillElement } from "@lanyard/evaluation";
import { expect } from "vitest";
import {
  activeKills,
  emptyKillSet,
  type Fact,
  type Lift,
  mergeKills,
  parseKillId,
} from "../../../fanout/index.ts";
import { acceptAlert, acceptKill } from "../accept.ts";
import { acceptLift } from "../accept-lift.ts";
import { ModelNode, OWNER, Redis } from "./model-node.ts";
import { FLAGS, Postgres } from "./model-postgres.ts";
import { ModelSdk } from "./model-sdk.ts";

const ENVIRONMENTS = ["env_a", "env_b"];

/** What a lift may hear: it is known no more or not yet, does not cover the flags, or is over. */
const REFUSALS = new Set<unknown>(["not-found", "invalid-input", "already-lifted"]);

/** Whether it is the kill, or one that had to be lifted for that to be there. */
function isUntil(id: string, kill: string): boolean {
  const [name, until] = [parseKillId(id), parseKillId(kill)];
  return name.root === until.root && name.after <= until.after;
}

/** What somebody asked for: a runbook's key, or the episode of an alert. */
export interface Asked {
  key: string;
  once: boolean;
  flags: string[];
  /** After so long it ends by itself; never when 0. */
  lastsMs: number;
}

/** Three nodes, their stores, two SDKs, and what was acknowledged to whom. */
export class Cluster {
  readonly postgres = new Postgres(ENVIRONMENTS);
  readonly redis = new Redis();
  readonly nodes: ModelNode[];
  readonly sdks = [new ModelSdk("env_a"), new ModelSdk("env_b")];
  readonly #acknowledged: Fact[] = [];

  constructor() {
    for (const id of ["a", "b", "c"]) this.redis.inboxes.set(id, []);
    this.nodes = ["a", "b", "c"].map(
      (id) => new ModelNode(id, this, (fact) => void this.#acknowledged.push(fact)),
    );
  }

  node(at: number): ModelNode {
    return this.nodes[at % this.nodes.length] as ModelNode;
  }

  sdk(at: number): ModelSdk {
    return this.sdks[at % this.sdks.length] as ModelSdk;
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      await setImmediate();
      await Promise.all(this.nodes.map((node) => node.running?.environments.allSettled().catch(() => {})));
    }
  }

  /** Undefined where the node is down, or knows no flag yet. */
  async kill(at: number, { key, once, flags, lastsMs }: Asked): Promise<void> {
    const { running } = this.node(at);
    if (!running || [...running.environments.all()].length < ENVIRONMENTS.length) return;
    const request = { project: "shop", environments: ENVIRONMENTS, flags, reason: "burns" };
    if (once) await acceptAlert(running.services, OWNER, request, { idempotencyKey: key, once });
    else {
      const expiresAt = new Date(Date.now() + lastsMs).toISOString();
      const asked = { ...request, idempotencyKey: key, ...(lastsMs > 0 && { expiresAt }) };
      await acceptKill(running.services, OWNER, asked);
    }
  }

  /** As break-glass, a kill that may be long over; the node lets go of none that came after it, nor of any other's. */
  async breakGlass(at: number, which: number, flags: string[]): Promise<void> {
    const { running } = this.node(at);
    const environment = running?.environments.get(ENVIRONMENTS[which % 2] as string);
    const ids = [...new Set(this.#acknowledged.map(({ id }) => id))];
    const kill = ids[which % Math.max(1, ids.length)];
    if (!running || !environment || kill === undefined) return;
    const others = activeKills(environment.kills).filter(({ id }) => !isUntil(id, kill));
    const request = { kill, project: "shop", environments: [environment.key], flags, reason: "must" };
    await acceptLift(running.services, OWNER, request).catch((error: { code?: string }) => {
      if (!REFUSALS.has(error.code)) throw error;
    });
    expect(activeKills(environment.kills)).toEqual(expect.arrayContaining(others));
  }

  /** With the database at hand, a kill that may be long over; of what that knows it lets go of no other. */
  lift(at: number, which: number): void {
    const environmentId = ENVIRONMENTS[which % 2] as string;
    const ids = [...new Set(this.postgres.row(environmentId).elements.killed.map(({ id }) => id))];
    const kill = ids[which % Math.max(1, ids.length)];
    if (!this.#asks(at) || kill === undefined) return;
    const others = this.#stored(environmentId).filter(({ id }) => id !== kill);
    const elements = this.postgres.lift(environmentId, kill);
    expect(this.#stored(environmentId)).toEqual(expect.arrayContaining(others));
    for (const { id, flag, at: time } of elements)
      this.#acknowledged.push({
        ...{ kind: "lift", id, at: time, projectId: "prj", reason: "" },
        actor: { kind: "user", id: "ada", name: "Ada" },
        elements: [{ environmentId, flag }],
      });
    this.#announce(at, environmentId, elements);
  }

  /** What has lasted as long as was asked for. */
  expire(at: number): void {
    if (!this.#asks(at)) return;
    for (const environmentId of ENVIRONMENTS)
      this.#announce(at, environmentId, this.postgres.expire(environmentId));
  }

  #asks(at: number): boolean {
    const { running, reachesPostgres } = this.node(at);
    return running !== undefined && reachesPostgres && this.postgres.up;
  }

  #announce(at: number, environmentId: string, elements: Lift[]): void {
    this.node(at).running?.fanout.announce({ type: "lifted", environmentId, elements });
  }

  #stored(environmentId: string): KillElement[] {
    const stored = emptyKillSet();
    mergeKills(stored, this.postgres.row(environmentId).elements);
    return activeKills(stored);
  }

  change(at: number, which: number): void {
    const node = this.node(at);
    if (!node.running || !node.reachesPostgres || !this.postgres.up) return;
    const environmentId = ENVIRONMENTS[which % 2] as string;
    const { epoch, revision } = this.postgres.change(environmentId);
    const content = { flags: {}, segments: {}, attributes: {} };
    node.running.fanout.announce({
      ...{ type: "published", environmentId, epoch, from: revision - 1, to: revision, content },
    });
  }

  /** Nothing brings back what only a backup's loss had and nobody running: one node has looked right before. */
  async restore(at: number): Promise<void> {
    const node = this.node(at);
    if (!node.running || !node.reachesPostgres || !this.postgres.up) return;
    await node.look();
    if (!this.postgres.restore()) return;
    await node.look();
    await node.running?.lane.drain();
  }

  /** Everything is back, and every second something has looked. */
  async heal(): Promise<void> {
    this.postgres.up = true;
    this.postgres.loseNextAnswer = false;
    this.redis.up = true;
    for (const node of this.nodes) {
      node.reachesPostgres = true;
      node.reachesRedis = true;
      if (!node.running) node.start();
    }
    for (let second = 0; second < 4; second += 1)
      for (const node of this.nodes) {
        await node.look();
        await node.running?.lane.drain();
        await this.settle();
      }
    for (const sdk of this.sdks) sdk.connect(this.node(0));
  }

  /** What must hold by all that was acknowledged and has not lasted as long as was asked for: flags by environment. */
  required(environmentId: string): string[] {
    const now = new Date().toISOString();
    const lasts = (fact: Fact) => fact.kind === "lift" || fact.expiresAt === null || fact.expiresAt > now;
    return this.#down(environmentId, this.#acknowledged.filter(lasts));
  }

  /** What may hold: of what is together a kill the rest may last for as long as one does. */
  allowed(environmentId: string): string[] {
    return this.#down(environmentId, this.#acknowledged);
  }

  #down(environmentId: string, facts: Fact[]): string[] {
    const newest = new Map<string, { root: string; flag: string; kill: number; lift: number }>();
    for (const { kind, id, at, elements } of facts)
      for (const { flag } of elements.filter((element) => element.environmentId === environmentId)) {
        const { root } = parseKillId(id);
        const entry = newest.get(`${root} ${flag}`) ?? { root, flag, kill: 0, lift: 0 };
        entry[kind] = Math.max(entry[kind], Date.parse(at));
        newest.set(`${root} ${flag}`, entry);
      }
    const isDown = ({ root, kill, lift }: { root: string; kill: number; lift: number }) =>
      root.startsWith("kill_once_") ? kill > 0 && lift === 0 : kill > lift;
    return FLAGS.filter((flag) => [...newest.values()].some((each) => each.flag === flag && isDown(each)));
  }

  /** The active elements as each node, PostgreSQL and each SDK has them, in one order. */
  views(environmentId: string): Record<string, string[]> {
    const names = (elements: { id: string; flag: string }[]) =>
      elements.map(({ id, flag }) => `${flag} ${id}`).sort();
    return Object.fromEntries([
      ["postgres", names(this.#stored(environmentId))],
      ["open rows", names(this.postgres.openRows(environmentId))],
      ...this.nodes.map((node, at) => [
        `node ${at}`,
        names(activeKills(node.running?.environments.get(environmentId)?.kills ?? emptyKillSet())),
      ]),
      ...this.sdks
        .filter((sdk) => sdk.environmentId === environmentId)
        .map((sdk) => ["sdk", names(sdk.held())]),
    ]) as Record<string, string[]>;
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.running?.lane.close();
  }
}

export { ENVIRONMENTS };
