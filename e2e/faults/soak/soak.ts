import { setTimeout as sleep } from "node:timers/promises";
import { type Random, randomFrom } from "../../../testing/random.ts";
import { Cluster } from "../support/cluster.ts";
import { addMortal, FAULTS } from "./breaking.ts";
import { check } from "./check.ts";
import { growth, type Sample, takeSample } from "./growth.ts";
import { isSlow, type Recovery, recovered } from "./recovering.ts";
import { restoreOlder } from "./restoring.ts";
import { type Broken, tellSlow } from "./story.ts";
import { type Done, work } from "./worker.ts";

const FAULT_MS = { from: 500, to: 8_000 };
const QUIET_MS = { from: 1_000, to: 4_000 };
const TWO_AT_ONCE = 0.25;
const CHECK_EVERY_MS = 5 * 60_000;

/** What a soak saw. */
export interface Soaked {
  readonly done: Done;
  /** How often each fault was. */
  readonly faults: Map<string, number>;
  readonly recoveries: Recovery[];
  /** What happened around each that took longer than is promised. */
  readonly slow: string[];
  readonly samples: Sample[];
  readonly failures: string[];
}

/** Random faults, drawn from `seed`, while work goes on; `tell` hears of it every few minutes. */
export async function soak(
  durationMs: number,
  seed: number,
  tell: (soaked: Soaked) => void,
): Promise<Soaked> {
  const soaked: Soaked = {
    done: { changes: [], refused: 0, kills: 0 },
    faults: new Map(),
    recoveries: [],
    slow: [],
    samples: [],
    failures: [],
  };
  const cluster = await Cluster.start();
  // Of its own, so that how fast the work goes does not change which faults come.
  const [forFaults, forWork] = [randomFrom(seed), randomFrom(seed + 1)];
  try {
    await cluster.addNode("c");
    await cluster.addReader("SDK of a", ["a", "b", "c"]);
    await cluster.addReader("SDK of b", ["b", "c", "a"]);
    await cluster.addReader("SDK of c", ["c"]);
    await addMortal(cluster);
    for (const end = Date.now() + durationMs; Date.now() < end; tell(soaked)) {
      await workUntil(Math.min(end, Date.now() + CHECK_EVERY_MS), cluster, forFaults, forWork, soaked);
      await restoreOlder(cluster);
      count(soaked.faults, "older backup restored");
      soaked.failures.push(...(await check(cluster, soaked.done)));
    }
    soaked.failures.push(...growth(soaked.samples));
  } catch (error) {
    soaked.failures.push(...cluster.ledger.violations, (error as Error).stack ?? String(error));
  } finally {
    await cluster.end();
  }
  return soaked;
}

async function workUntil(
  end: number,
  cluster: Cluster,
  forFaults: Random,
  forWork: Random,
  soaked: Soaked,
): Promise<void> {
  const ending = new AbortController();
  const working = work(cluster, forWork, soaked.done, ending.signal);
  try {
    while (Date.now() < end) {
      const broken = await breakAndHeal(cluster, forFaults, soaked.faults);
      const recovery = await recovered(cluster, broken.wholeAt);
      soaked.recoveries.push(recovery);
      if (isSlow(recovery)) soaked.slow.push(tellSlow(broken, recovery));
      const sample = await takeSample(cluster);
      if (sample) soaked.samples.push(sample);
      await sleep(forFaults.between(QUIET_MS.from, QUIET_MS.to));
    }
  } finally {
    ending.abort();
    // It may be what broke, or be in the way of telling what did.
    await working.catch(() => {});
  }
  await working;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

async function breakAndHeal(cluster: Cluster, random: Random, counts: Map<string, number>): Promise<Broken> {
  const first = random.pick(FAULTS);
  const second = random.next() < TWO_AT_ONCE ? random.pick(FAULTS) : first;
  const broken: Broken = { faults: [], at: Date.now(), wholeAt: 0 };
  const heals = [];
  for (const group of new Set([first, second])) {
    const [name, fault] = random.pick(Object.entries(group));
    broken.faults.push(name);
    count(counts, name);
    heals.push(await fault(cluster, random));
  }
  await sleep(random.between(FAULT_MS.from, FAULT_MS.to));
  for (const heal of heals) await heal();
  broken.wholeAt = Date.now();
  return broken;
}
