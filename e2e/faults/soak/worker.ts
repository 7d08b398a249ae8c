import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../../testing/random.ts";
import { type Cluster, CORD, type NodeName } from "../support/cluster.ts";
import { change, dialRevision, kill } from "../support/work.ts";

const PAUSE_MS = { from: 200, to: 800 };
const AGAIN_MS = 100;
const GIVE_UP_MS = 60_000;
const KILL_SHARE = 0.1;
const NODES: NodeName[] = ["a", "b", "c"];
const ACTIVE_KILLS = "/api/v1/kills?project=web&active=true";

/** What the worker did so far. */
export interface Done {
  /** Steps of the dial that were acknowledged. */
  changes: number[];
  /** Requests that were refused or not answered, and were made again. */
  refused: number;
  kills: number;
}

/** Changes, kills and lifts through whatever node answers, one after another, until `ending`; the cord ends up lifted. */
export async function work(cluster: Cluster, random: Random, done: Done, ending: AbortSignal): Promise<void> {
  const pause = () => sleep(random.between(PAUSE_MS.from, PAUSE_MS.to));
  while (!ending.aborted) {
    await pause();
    if (random.next() >= KILL_SHARE) {
      const { step } = await untilDone(done, ending, async () => {
        const node = random.pick(NODES);
        return change(cluster, node, await dialRevision(cluster, node));
      });
      done.changes.push(step);
      continue;
    }
    // An unanswered kill is asked for again where it may have been taken: elsewhere it would be known too late to be lifted.
    const node = random.pick(NODES);
    await untilDone(done, ending, () => kill(cluster, node));
    done.kills += 1;
    await pause();
    await lift(cluster, random, done, ending);
  }
}

/** What was begun is ended, too: only a whole minute after the end it is given up. */
async function untilDone<Result>(
  done: Done,
  ending: AbortSignal,
  act: () => Promise<Result>,
): Promise<Result> {
  for (let endedAt = Number.POSITIVE_INFINITY; ; await sleep(AGAIN_MS)) {
    try {
      return await act();
    } catch (error) {
      done.refused += 1;
      if (ending.aborted) endedAt = Math.min(endedAt, Date.now());
      if (Date.now() - endedAt > GIVE_UP_MS) throw error;
    }
  }
}

/** Until the database has no active kill: a lift whose answer was lost may have been done. */
async function lift(cluster: Cluster, random: Random, done: Done, ending: AbortSignal): Promise<void> {
  let asked = false;
  for (;;) {
    const api = cluster.api(random.pick(NODES));
    const active = await untilDone(done, ending, () =>
      api.call<{ items: { id: string }[] }>("GET", ACTIVE_KILLS),
    );
    const ids = active.items.map(({ id }) => id);
    // The kill may be in the database a moment after it was answered.
    if (ids.length === 0 && asked) break;
    if (ids.length === 0) await sleep(AGAIN_MS);
    else asked = true;
    const liftAll = () =>
      Promise.all(ids.map((id) => api.call("POST", `/api/v1/kills/${id}/lift`, { reason: "over" })));
    if (ids.length > 0) await cluster.ledger.ask(CORD, "on", liftAll).catch(() => sleep(AGAIN_MS));
  }
  await cluster.ledger.ask(CORD, "on", () => Promise.resolve());
}
