import { setImmediate } from "node:timers/promises";
import type { KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Announcement, Fanout, KillFact, LiftElement } from "../../fanout/index.ts";
import type { Environments } from "../environments/index.ts";
import { nextKillId } from "./identity.ts";
import { openJournal } from "./journal.ts";
import { killsDrained, killsPending } from "./metrics.ts";
import { within } from "./within.ts";

/** Longest wait for PostgreSQL and for Redis, each, before a kill is answered without it. */
const DEADLINE_MS = 250;
const DRAIN_DEADLINE_MS = 3_000;
const TICK_MS = 1_000;
/** An entry that the database refuses this often is set aside. */
const ATTEMPTS = 5;

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
  const { fanout, environments, recordKill, log } = options;
  const journal = openJournal(options.dataDir);
  const diskKeeper: Keeper = options.dataDirPersistent ? "journal" : "ephemeral";
  const waiting = new Map<string, KillFact>();
  const attempts = new Map<string, number>();
  let ticking: Promise<void> | undefined;

  function keepOnDisk(fact: KillFact): boolean {
    try {
      journal.write(fact);
      return true;
    } catch (error) {
      log.error({ err: error, kill: fact.id }, "the kill journal cannot be written");
      return false;
    }
  }

  function expect(fact: KillFact) {
    waiting.set(nameOf(fact), fact);
    killsPending.set(waiting.size);
  }

  function done(fact: KillFact) {
    waiting.delete(nameOf(fact));
    attempts.delete(nameOf(fact));
    killsPending.set(waiting.size);
    journal.remove(fact);
    fanout.shelf?.remove([nameOf(fact)]).catch(() => {});
  }

  function announce(fact: KillFact) {
    for (const [environmentId, flags] of byEnvironment(fact)) {
      const elements = flags.map((flag) => ({ id: fact.id, flag, at: fact.at }));
      fanout.announce({ type: "killed", environmentId, elements, fact });
    }
  }

  /** Kills heard of from elsewhere are kept here too, until the database has them. */
  function adopt(fact: KillFact) {
    if (waiting.has(nameOf(fact))) return;
    expect(fact);
    keepOnDisk(fact);
  }

  /** A kill under another name: the one that it repeats was lifted before anybody here knew. */
  function reissue(fact: KillFact) {
    const again = { ...fact, id: nextKillId(fact.id) };
    adopt(again);
    announce(again);
    return again;
  }

  /** Returns the kill as the database has it. */
  async function drainOne(fact: KillFact, deadlineMs: number): Promise<KillFact> {
    const outcome = await within(deadlineMs, recordKill(fact));
    if (outcome === "lifted-before") {
      const again = reissue(fact);
      done(fact);
      return drainOne(again, deadlineMs);
    }
    done(fact);
    killsDrained.inc();
    return fact;
  }

  async function readShelf() {
    if (!fanout.shelf) return;
    const stored = await within(DEADLINE_MS, fanout.shelf.all());
    for (const value of stored.values()) {
      const fact = JSON.parse(value) as KillFact;
      if (waiting.has(nameOf(fact))) continue;
      adopt(fact);
      for (const [environmentId, flags] of byEnvironment(fact))
        environments.kill(
          environmentId,
          flags.map((flag) => ({ id: fact.id, flag, at: fact.at })),
        );
    }
  }

  async function drain() {
    for (const fact of waiting.values()) {
      if (!fanout.databaseUp) return;
      try {
        await drainOne(fact, DRAIN_DEADLINE_MS);
      } catch (error) {
        if (!fanout.databaseUp) return;
        const failed = (attempts.get(nameOf(fact)) ?? 0) + 1;
        attempts.set(nameOf(fact), failed);
        log.warn({ err: error, kill: fact.id, failed }, "a kill could not be drained");
        if (failed < ATTEMPTS) continue;
        waiting.delete(nameOf(fact));
        journal.setAside(fact);
        log.error({ kill: fact.id }, "a kill is set aside: the database refuses it; it stays active");
      }
    }
  }

  async function tick() {
    await readShelf().catch(() => {});
    await drain();
  }

  function tickSoon() {
    ticking ??= tick()
      .catch((error: unknown) => log.error({ err: error }, "draining kills failed"))
      .finally(() => {
        ticking = undefined;
      });
  }

  fanout.listen((announcement: Announcement) => {
    if (announcement.type === "killed" && announcement.fact) adopt(announcement.fact);
  });
  environments.listen((event) => {
    if (event.type !== "kills-lost") return;
    const { id: environmentId, projectId } = event.environment;
    // Those that wait to be drained were never there, and will come with all that is known of them.
    const undrained = new Set([...waiting.values()].map(({ id }) => id));
    const killed = event.killed.filter(({ id }) => !undrained.has(id));
    if (killed.length + event.lifted.length === 0) return;
    log.warn({ environmentId, killed: killed.length }, "the database lost kills: they are put back");
    options
      .restoreKills({ projectId, environmentId, killed, lifted: event.lifted })
      .catch((error: unknown) => log.error({ err: error }, "lost kills could not be put back"));
  });
  const left = journal.load();
  if (left.damaged.length > 0) log.error({ files: left.damaged }, "the kill journal has damaged entries");
  for (const fact of left.waiting) expect(fact);
  for (const fact of [...left.waiting, ...left.aside]) announce(fact);
  const timer = setInterval(tickSoon, TICK_MS);

  return {
    async accept(fact) {
      expect(fact);
      announce(fact);
      // The message to Redis leaves in this turn of the loop; a disk that is slow to sync must not hold it.
      await setImmediate();
      const onDisk = keepOnDisk(fact);
      const [recorded, inRedis] = await Promise.all([
        fanout.databaseUp ? drainOne(fact, DEADLINE_MS).catch(() => undefined) : undefined,
        fanout.shelf
          ? within(DEADLINE_MS, fanout.shelf.put(nameOf(fact), JSON.stringify(fact))).then(
              () => true,
              () => false,
            )
          : undefined,
      ]);
      const inDatabase = recorded !== undefined;
      // The shelf may have taken it after the database had it already.
      if (inDatabase) done(fact);
      const kept: [Keeper, boolean | undefined][] = [
        ["postgres", inDatabase],
        ["redis", inRedis],
        [diskKeeper, onDisk],
      ];
      return {
        id: recorded?.id ?? fact.id,
        durable: kept.flatMap(([keeper, has]) => (has === true ? [keeper] : [])),
        pending: kept.flatMap(([keeper, has]) => (has === false && !inDatabase ? [keeper] : [])),
      };
    },
    async close() {
      clearInterval(timer);
      await ticking;
    },
  };
}

/** Two acceptances of one kill are two entries: the later may cover more, or come after a lift. */
function nameOf(fact: KillFact): string {
  return `${fact.id} ${fact.at}`;
}

function byEnvironment({ elements }: KillFact): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  for (const { environmentId, flag } of elements)
    flags.set(environmentId, [...(flags.get(environmentId) ?? []), flag]);
  return flags;
}
