import { setImmediate } from "node:timers/promises";
import type { KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Fanout, KillFact, LiftElement } from "../../fanout/index.ts";
import { isDatabaseAway } from "../../http/index.ts";
import type { EnvironmentEvent, Environments } from "../environments/index.ts";
import { nextKillId } from "./identity.ts";
import { killsDrained } from "./metrics.ts";
import { openWaiting, type Waiting } from "./waiting.ts";
import { TooLate, within } from "./within.ts";

/** Longest wait for PostgreSQL and for Redis, each, before a kill is answered without it. */
const DEADLINE_MS = 250;
const DRAIN_DEADLINE_MS = 3_000;
const TICK_MS = 1_000;

/** Puts a kill into the database and on the record, once. `lifted-before`: an earlier kill of that name was lifted. */
export type RecordKill = (fact: KillFact) => Promise<"recorded" | "lifted-before">;

/** Elements of one environment that memory has and the database lost. */
export interface LostKills {
  projectId: string;
  environmentId: string;
  killed: KillElement[];
  lifted: LiftElement[];
}

/** Kills that the database may not have yet: applied at once, kept wherever possible, drained when it is back. */
export interface KillLane {
  /** Applies it here and everywhere, then says where it is kept, and under which id. */
  accept(fact: KillFact): Promise<{ id: string; durable: Keeper[]; pending: Keeper[] }>;
  close(): Promise<void>;
}

export type Keeper = "postgres" | "redis" | "journal" | "ephemeral";

interface Options {
  fanout: Fanout;
  environments: Environments;
  recordKill: RecordKill;
  /** Puts back what the database lost; on the record, once. */
  restoreKills(lost: LostKills): Promise<void>;
  dataDir: string;
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
  #ticking: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#waiting = openWaiting(options.dataDir, options.fanout.shelf, options.log);
    options.fanout.listen((announcement) => {
      if (announcement.type === "killed" && announcement.fact) this.#waiting.add(announcement.fact);
    });
    options.environments.listen((event) => {
      if (event.type === "kills-lost") this.#restore(event);
    });
    for (const fact of this.#waiting.left()) this.#announce(fact);
    this.#timer = setInterval(() => this.#tickSoon(), TICK_MS);
  }

  async accept(fact: KillFact) {
    const { fanout, dataDirPersistent } = this.#options;
    this.#waiting.expect(fact);
    this.#announce(fact);
    // The message to Redis leaves in this turn of the loop; a disk that is slow to sync must not hold it.
    await setImmediate();
    const onDisk = this.#waiting.keepOnDisk(fact);
    const [recorded, inRedis] = await Promise.all([
      fanout.databaseUp ? this.#drainOne(fact, DEADLINE_MS).catch(() => undefined) : undefined,
      fanout.shelf && succeeds(within(DEADLINE_MS, this.#waiting.keepOnShelf(fact, fanout.shelf))),
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
      durable: kept.flatMap(([keeper, has]) => (has === true ? [keeper] : [])),
      pending: kept.flatMap(([keeper, has]) => (has === false && !inDatabase ? [keeper] : [])),
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  #announce(fact: KillFact): void {
    for (const { environmentId, elements } of byEnvironment(fact))
      this.#options.fanout.announce({ type: "killed", environmentId, elements, fact });
  }

  /** Returns the kill as the database has it. */
  async #drainOne(fact: KillFact, deadlineMs: number): Promise<KillFact> {
    const outcome = await within(deadlineMs, this.#options.recordKill(fact));
    if (outcome === "recorded" || fact.once) {
      this.#waiting.done(fact);
      killsDrained.inc();
      return fact;
    }
    // The kill that it repeats was lifted before anybody here knew: this one is another.
    const again = { ...fact, id: nextKillId(fact.id) };
    this.#waiting.add(again);
    this.#announce(again);
    this.#waiting.done(fact);
    return this.#drainOne(again, deadlineMs);
  }

  #tickSoon(): void {
    this.#ticking ??= this.#readShelf()
      .catch(() => {})
      .then(() => this.#drain())
      .catch((error: unknown) => this.#options.log.error({ err: error }, "draining kills failed"))
      .finally(() => {
        this.#ticking = undefined;
      });
  }

  /** Kills that other nodes stored in Redis and whose announcement was missed here. */
  async #readShelf(): Promise<void> {
    const { fanout, environments } = this.#options;
    if (!fanout.shelf) return;
    for (const value of (await within(DEADLINE_MS, fanout.shelf.all())).values()) {
      const fact = JSON.parse(value) as KillFact;
      if (!this.#waiting.add(fact)) continue;
      for (const { environmentId, elements } of byEnvironment(fact))
        environments.kill(environmentId, elements);
    }
  }

  async #drain(): Promise<void> {
    const { fanout, log } = this.#options;
    for (const fact of this.#waiting.all()) {
      if (!fanout.databaseUp) return;
      try {
        await this.#drainOne(fact, DRAIN_DEADLINE_MS);
      } catch (error) {
        if (error instanceof TooLate || isDatabaseAway(error)) continue;
        log.error({ err: error, kill: fact.id }, "the database refuses a kill; it stays active");
        this.#waiting.refused(fact);
      }
    }
  }

  #restore({ environment, killed, lifted }: EnvironmentEvent & { type: "kills-lost" }): void {
    const { restoreKills, log } = this.#options;
    const { id: environmentId, projectId } = environment;
    // Those that wait to be drained were never there, and will come with all that is known of them.
    const undrained = new Set(this.#waiting.all().map(({ id }) => id));
    const lost = { projectId, environmentId, killed: killed.filter(({ id }) => !undrained.has(id)), lifted };
    if (lost.killed.length + lifted.length === 0) return;
    log.warn({ environmentId, killed: lost.killed.length }, "the database lost kills: they are put back");
    restoreKills(lost).catch((error: unknown) =>
      log.error({ err: error }, "lost kills could not be put back"),
    );
  }
}

function byEnvironment({ id, at, elements }: KillFact) {
  const grouped = new Map<string, KillElement[]>();
  for (const { environmentId, flag } of elements)
    grouped.set(environmentId, [...(grouped.get(environmentId) ?? []), { id, flag, at }]);
  return [...grouped].map(([environmentId, own]) => ({ environmentId, elements: own }));
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
