import type { Logger } from "pino";
import type { Fact, Shelf } from "../../fanout/index.ts";
import { nameOf } from "./facts.ts";
import type { Journal } from "./journal.ts";
import { killsPending } from "./metrics.ts";

/** An entry that the database refuses for what it is, this often, is set aside. */
const ATTEMPTS = 5;

/** Kills and lifts that the database is not known to have, in memory, on this node's disk and on the shelf in Redis. */
export interface Waiting {
  /** Of earlier runs, those set aside included: all are still active. */
  left(): Fact[];
  /** In the order in which the database is asked. */
  all(): Fact[];
  /** Those set aside by this run too. */
  unrecorded(): Fact[];
  /** In memory only; the disk comes next. */
  expect(fact: Fact): void;
  /** False when it was known, or set aside. */
  add(fact: Fact): boolean;
  keepOnDisk(fact: Fact): boolean;
  keepOnShelf(fact: Fact, shelf: Shelf): Promise<void>;
  /** The database has it. False when that was known, or it never waited. */
  done(fact: Fact): boolean;
  /** The database did not take it for now: it goes behind the others. True the first time. */
  postpone(fact: Fact): boolean;
  /** The same for what it is. */
  refused(fact: Fact): void;
}

interface Entry {
  fact: Fact;
  isPostponed: boolean;
  refusals: number;
}

export function openWaiting(journal: Journal, shelf: Shelf | undefined, log: Logger): Waiting {
  const entries = new Map<string, Entry>();
  /** Other nodes may still have them on the shelf. */
  const setAside = new Map<string, Fact>();
  const { waiting, aside, damaged } = journal.load();
  if (damaged.length > 0) log.error({ files: damaged }, "the kill journal has damaged entries");

  const all = () => [...entries.values()].map(({ fact }) => fact);
  const expect = (fact: Fact) => {
    entries.set(nameOf(fact), { fact, isPostponed: false, refusals: 0 });
    killsPending.set(entries.size);
  };
  const forget = (fact: Fact) => {
    const wasKnown = entries.delete(nameOf(fact));
    killsPending.set(entries.size);
    return wasKnown;
  };
  const putLast = (fact: Fact) => {
    const entry = entries.get(nameOf(fact));
    if (!entry) return undefined;
    entries.delete(nameOf(fact));
    entries.set(nameOf(fact), entry);
    return entry;
  };
  const keepOnDisk = (fact: Fact) => {
    try {
      journal.write(fact);
      return true;
    } catch (error) {
      log.error({ err: error, kill: fact.id }, "the kill journal cannot be written");
      return false;
    }
  };
  for (const fact of waiting) expect(fact);
  return {
    left: () => [...waiting, ...aside],
    all,
    unrecorded: () => [...all(), ...setAside.values()],
    expect,
    add(fact) {
      if (entries.has(nameOf(fact)) || setAside.has(nameOf(fact))) return false;
      expect(fact);
      keepOnDisk(fact);
      return true;
    },
    keepOnDisk,
    keepOnShelf: (fact, on) => on.put(nameOf(fact), JSON.stringify(fact)),
    done(fact) {
      const wasWaiting = forget(fact);
      journal.remove(fact);
      shelf?.remove([nameOf(fact)]).catch(() => {});
      return wasWaiting;
    },
    postpone(fact) {
      const entry = putLast(fact);
      if (!entry || entry.isPostponed) return false;
      entry.isPostponed = true;
      return true;
    },
    refused(fact) {
      const entry = putLast(fact);
      if (!entry) return;
      entry.refusals += 1;
      if (entry.refusals < ATTEMPTS) return;
      forget(fact);
      setAside.set(nameOf(fact), fact);
      journal.setAside(fact);
      log.error({ kill: fact.id }, "the kill is set aside until the next start");
    },
  };
}
