import { setImmediate } from "node:timers/promises";
import type { Logger } from "pino";
import { isDataRefused } from "../../database/away.ts";
import { AppError } from "../../errors.ts";
import { type Elements, type Fact, type Fanout, type KillFact, parseKillId } from "../../fanout/index.ts";
import type { EnvironmentEvent, Environments } from "../environments/index.ts";
import { announcementsOf } from "./facts.ts";
import type { Journal } from "./journal.ts";
import { drainsFailed, killsDrained } from "./metrics.ts";
import type { Peers } from "./peers.ts";
import { openWaiting, type Waiting } from "./waiting.ts";
import { within } from "./within.ts";

/** Longest wait for PostgreSQL and for Redis, each, before a kill is answered without it. */
const DEADLINE_MS = 250;
const DRAIN_DEADLINE_MS = 3_000;
const TICK_MS = 1_000;
/** A database that takes nothing is not asked for everything that waits, every second. */
const FAILURES_A_TICK = 10;

/** Puts a kill or lift into the database and on the record, once, and says how it stands there. */
export type RecordFact = (fact: Fact) => Promise<Recorded>;

export interface Recorded {
  /** Of the kill, as the database has it. */
  id: string;
  expiresAt: string | null;
  /** What of it was lifted already, RFC 3339. */
  over: { environmentId: string; flag: string; at: string }[];
}

/** Elements of one environment that memory has and the database lost. */
export interface LostKills extends Elements {
  projectId: string;
  environmentId: string;
}

/** Where an accepted fact is, and who has heard of it. */
export interface Kept {
  id: string;
  /** As the database has it; undefined while it has not. */
  recorded: Recorded | undefined;
  durable: Keeper[];
  pending: Keeper[];
  reach: Reach;
}

export type Reach = "all nodes" | "this node and its peers" | "this node";

/** Kills and lifts that the database may not have yet: applied at once, kept wherever possible, drained when it is back. */
export interface KillLane {
  /** Applies it here and everywhere, then says where it is kept. */
  accept(fact: Fact): Promise<Kept>;
  /** Takes what a peer accepted. */
  hear(fact: Fact): void;
  /** Takes what other nodes left in Redis, and puts what waits into the database. Never rejects. */
  drain(): Promise<void>;
  /** Kills that the database is not known to have, of one project. */
  waiting(projectId: string): KillFact[];
  /** Puts what waits of one kill into the database, ahead of its turn. Never rejects. */
  settled(kill: string): Promise<void>;
  close(): Promise<void>;
}

export type Keeper = "postgres" | "redis" | "journal" | "ephemeral";

interface Options {
  fanout: Fanout;
  environments: Environments;
  record: RecordFact;
  /** Puts back what the database lost; on the record, once. */
  restoreKills(lost: LostKills): Promise<void>;
  journal: Journal;
  peers: Peers;
  /** Whether the data folder outlives this machine. */
  dataDirPersistent: boolean;
  log: Logger;
}

export function openKillLane(options: Options): KillLane {
  return new Lane(options);
}

class Lane implements KillLane {
  readonly #options: Options;
  readonly #waiting: Waiting;
  readonly #timer: NodeJS.Timeout;
  /** What the database has to be told again, by environment. */
  readonly #lost = new Map<string, LostKills>();
  #ticking: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#waiting = openWaiting(options.journal, options.fanout.shelf, options.log);
    options.fanout.listen((announcement) => {
      if ("fact" in announcement && announcement.fact) this.#waiting.add(announcement.fact);
    });
    options.environments.listen((event) => {
      if (event.type === "kills-lost") this.#noteLost(event);
    });
    for (const fact of this.#waiting.left()) this.#announce(fact);
    this.#timer = setInterval(() => void this.drain(), TICK_MS);
  }

  async accept(fact: Fact): Promise<Kept> {
    const { fanout, peers, dataDirPersistent } = this.#options;
    this.#waiting.expect(fact);
    this.#announce(fact);
    const telling = peers.tell(fact);
    // The message to Redis leaves in this turn of the loop; a disk that is slow to sync must not hold it.
    await setImmediate();
    const onDisk = this.#waiting.keepOnDisk(fact);
    const [recorded, inRedis, byPeers] = await Promise.all([
      fanout.databaseUp ? this.#drainOne(fact, DEADLINE_MS).catch(() => undefined) : undefined,
      fanout.shelf && succeeds(within(DEADLINE_MS, this.#waiting.keepOnShelf(fact, fanout.shelf))),
      telling,
    ]);
    const inDatabase = recorded !== undefined;
    // The shelf may have taken it after the database had it already.
    if (inDatabase) this.#waiting.done(fact);
    const kept: [Keeper, boolean | undefined][] = [
      ["postgres", inDatabase],
      ["redis", inRedis],
      [dataDirPersistent ? "journal" : "ephemeral", onDisk],
    ];
    return {
      id: recorded?.id ?? fact.id,
      recorded,
      durable: kept.flatMap(([keeper, has]) => (has === true ? [keeper] : [])),
      pending: kept.flatMap(([keeper, has]) => (has === false && !inDatabase ? [keeper] : [])),
      reach: inDatabase || inRedis === true ? "all nodes" : byPeers ? "this node and its peers" : "this node",
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  hear(fact: Fact): void {
    // The peer reached one of this node's workers; the others hear of it from that one.
    if (this.#waiting.add(fact)) this.#announce(fact);
  }

  waiting(projectId: string): KillFact[] {
    return this.#waiting
      .all()
      .flatMap((fact) => (fact.kind === "kill" && fact.projectId === projectId ? [fact] : []));
  }

  drain(): Promise<void> {
    this.#ticking ??= this.#readShelf()
      .catch(() => {})
      .then(() => this.#drainAll())
      .then(() => this.#restoreAll())
      .catch((error: unknown) => this.#options.log.error({ err: error }, "draining kills failed"))
      .finally(() => {
        this.#ticking = undefined;
      });
    return this.#ticking;
  }

  async settled(kill: string): Promise<void> {
    if (!this.#options.fanout.databaseUp) return;
    const own = this.#waiting.all().filter(({ id }) => id === kill);
    await Promise.all(own.map((fact) => succeeds(this.#drainOne(fact, DRAIN_DEADLINE_MS))));
  }

  #announce(fact: Fact): void {
    for (const announcement of announcementsOf(fact)) this.#options.fanout.announce(announcement);
  }

  async #drainOne(fact: Fact, deadlineMs: number): Promise<Recorded> {
    const recorded = await within(deadlineMs, this.#options.record(fact));
    // Two may drain it at the same time: the one that answers and the one that ticks.
    if (this.#waiting.done(fact)) killsDrained.inc();
    return recorded;
  }

  /** What other nodes stored in Redis and whose announcement was missed here. */
  async #readShelf(): Promise<void> {
    const { fanout } = this.#options;
    if (!fanout.shelf) return;
    for (const value of (await within(DEADLINE_MS, fanout.shelf.all())).values())
      this.#merge(JSON.parse(value) as Fact);
  }

  /** Takes what every other node can read for itself. */
  #merge(fact: Fact): void {
    if (!this.#waiting.add(fact)) return;
    for (const { environmentId, type, elements } of announcementsOf(fact))
      this.#options.environments.merge(environmentId, { [type]: elements });
  }

  async #drainAll(): Promise<void> {
    let failures = 0;
    for (const fact of this.#waiting.all()) {
      if (!this.#options.fanout.databaseUp || failures === FAILURES_A_TICK) return;
      try {
        await this.#drainOne(fact, DRAIN_DEADLINE_MS);
      } catch (error) {
        failures += 1;
        this.#failed(fact, error);
      }
    }
  }

  /** Only what is refused for what it is has an end: a standby is promoted, a disk gets room, and then it is taken. */
  #failed(fact: Fact, error: unknown): void {
    const { log } = this.#options;
    drainsFailed.inc();
    if (error instanceof AppError || isDataRefused(error)) {
      log.error({ err: error, kill: fact.id }, "the database refuses a kill; it stays active");
      this.#waiting.refused(fact);
    } else if (this.#waiting.postpone(fact))
      log.warn({ err: error, kill: fact.id }, "the database does not take a kill for now; it stays active");
  }

  #noteLost({ environment, killed, lifted }: EnvironmentEvent & { type: "kills-lost" }): void {
    const { id: environmentId, projectId } = environment;
    this.#lost.set(environmentId, { projectId, environmentId, killed, lifted });
  }

  /** After the drain, so that what was only waiting is there by now, with all that is known of it. */
  async #restoreAll(): Promise<void> {
    const { fanout, restoreKills, log } = this.#options;
    if (this.#lost.size === 0 || !fanout.databaseUp) return;
    const undrained = { kill: new Set<string>(), lift: new Set<string>() };
    for (const { kind, id } of this.#waiting.unrecorded()) undrained[kind].add(parseKillId(id).root);
    for (const [environmentId, lost] of this.#lost) {
      const waits = (kind: Fact["kind"], id: string) => undrained[kind].has(parseKillId(id).root);
      const killed = lost.killed.filter(({ id }) => !waits("kill", id));
      const lifted = lost.lifted.filter(({ id }) => !waits("lift", id));
      const rest = {
        killed: lost.killed.filter(({ id }) => waits("kill", id)),
        lifted: lost.lifted.filter(({ id }) => waits("lift", id)),
      };
      try {
        if (killed.length + lifted.length > 0) await restoreKills({ ...lost, killed, lifted });
        if (this.#lost.get(environmentId) !== lost) continue;
        if (rest.killed.length + rest.lifted.length === 0) this.#lost.delete(environmentId);
        else this.#lost.set(environmentId, { ...lost, ...rest });
      } catch (error) {
        log.warn({ err: error, environmentId }, "kills that the database lost cannot be put back yet");
      }
    }
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
