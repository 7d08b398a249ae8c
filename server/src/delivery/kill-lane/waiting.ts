import type { Logger } from "pino";
import type { KillFact, Shelf } from "../../fanout/index.ts";
import { openJournal } from "./journal.ts";
import { killsPending } from "./metrics.ts";

/** An entry that the database refuses this often is set aside. */
const ATTEMPTS = 5;

/** Kills that the database is not known to have, in memory, on this node's disk and on the shelf in Redis. */
export interface Waiting {
  /** Of earlier runs, those set aside included: all are still active. */
  left(): KillFact[];
  all(): KillFact[];
  /** In memory only; the disk comes next. */
  expect(fact: KillFact): void;
  /** False when it was known. */
  add(fact: KillFact): boolean;
  keepOnDisk(fact: KillFact): boolean;
  keepOnShelf(fact: KillFact, shelf: Shelf): Promise<void>;
  /** The database has it. */
  done(fact: KillFact): void;
  refused(fact: KillFact): void;
}

export function openWaiting(dataDir: string, shelf: Shelf | undefined, log: Logger): Waiting {
  const journal = openJournal(dataDir);
  const entries = new Map<string, { fact: KillFact; refusals: number }>();
  const { waiting, aside, damaged } = journal.load();
  if (damaged.length > 0) log.error({ files: damaged }, "the kill journal has damaged entries");

  const expect = (fact: KillFact) => {
    entries.set(nameOf(fact), { fact, refusals: 0 });
    killsPending.set(entries.size);
  };
  const forget = (fact: KillFact) => {
    entries.delete(nameOf(fact));
    killsPending.set(entries.size);
  };
  const keepOnDisk = (fact: KillFact) => {
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
    all: () => [...entries.values()].map(({ fact }) => fact),
    expect,
    add(fact) {
      if (entries.has(nameOf(fact))) return false;
      expect(fact);
      keepOnDisk(fact);
      return true;
    },
    keepOnDisk,
    keepOnShelf: (fact, on) => on.put(nameOf(fact), JSON.stringify(fact)),
    done(fact) {
      forget(fact);
      journal.remove(fact);
      shelf?.remove([nameOf(fact)]).catch(() => {});
    },
    refused(fact) {
      const entry = entries.get(nameOf(fact));
      if (!entry) return;
      entry.refusals += 1;
      if (entry.refusals < ATTEMPTS) return;
      forget(fact);
      journal.setAside(fact);
      log.error({ kill: fact.id }, "the kill is set aside until the next start");
    },
  };
}

/** Two acceptances of one kill are two entries: the later may cover more, or come after a lift. */
function nameOf(fact: KillFact): string {
  return `${fact.id} ${fact.at}`;
}
