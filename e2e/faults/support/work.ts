import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, CORD, DIAL, DIAL_ANSWERS, type NodeName } from "./cluster.ts";

/** A step of the ledger that was acknowledged. */
export interface Work {
  readonly flag: string;
  readonly step: number;
}

export interface Accepted {
  id: string;
  durable: string[];
  pending: string[];
}

const ACTIVE_KILLS = "/api/v1/kills?project=web&active=true";
const DIAL_PATH = `/api/v1/projects/web/flags/${DIAL}`;
const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 60_000;

/**
 * Turns the dial by one through a node; resolves when that is acknowledged, and rejects when it is refused: then it is to
 * be asked for again. With the revision that it replaces, a request that arrives late does nothing.
 */
export async function change(cluster: Cluster, node: NodeName = "a", replaces?: number): Promise<Work> {
  const { ledger } = cluster;
  const turn = ledger.newest(DIAL) + (ledger.isOpen(DIAL) ? 0 : 1);
  const answer = ledger.isOpen(DIAL)
    ? ledger.step(DIAL, turn).answer
    : (DIAL_ANSWERS[turn % DIAL_ANSWERS.length] as string);
  const body = { fallthrough: { variation: answer }, message: `step ${turn}` };
  const headers = replaces === undefined ? {} : { "if-match": `"${replaces}"` };
  const step = await ledger.ask(DIAL, answer, () =>
    cluster.api(node).call("PATCH", `${DIAL_PATH}/environments/development`, body, headers),
  );
  return { flag: DIAL, step };
}

/** The dial's revision as the database has it. */
export async function dialRevision(cluster: Cluster, node: NodeName): Promise<number> {
  const { environments } = await cluster
    .api(node)
    .call<{ environments: Record<string, { revision: number }> }>("GET", DIAL_PATH);
  return environments.development?.revision as number;
}

/** Kills the cord by a kill token, as an alert does. */
export async function kill(cluster: Cluster, node: NodeName = "a"): Promise<Work & { accepted: Accepted }> {
  let accepted: Accepted | undefined;
  const step = await cluster.ledger.ask(CORD, "off", async () => {
    const answer = await fetch(`${cluster.node(node).url}/api/v1/kills`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${cluster.killToken}` },
      body: JSON.stringify({
        project: "web",
        environments: ["development"],
        flags: [CORD],
        reason: "errors",
      }),
    });
    if (!answer.ok) throw new Error(`the kill answered ${answer.status}: ${await answer.text()}`);
    accepted = (await answer.json()) as Accepted;
  });
  return { flag: CORD, step, accepted: accepted as Accepted };
}

/** Lifts what holds the cord down; the database may have it a moment after the kill was answered. */
export async function lift(cluster: Cluster, node: NodeName = "a"): Promise<Work> {
  const api = cluster.api(node);
  const { ledger } = cluster;
  // A lift that was refused may have been done.
  const asked = ledger.isOpen(CORD) && ledger.step(CORD, ledger.newest(CORD)).answer === "on";
  const active = await untilAcknowledged(async () => {
    const { items } = await api.call<{ items: { id: string }[] }>("GET", ACTIVE_KILLS);
    if (items.length === 0 && !asked) throw new Error("the database has no active kill");
    return items;
  });
  const step = await ledger.ask(CORD, "on", async () => {
    for (const { id } of active) await api.call("POST", `/api/v1/kills/${id}/lift`, { reason: "over" });
  });
  return { flag: CORD, step };
}

/** Does it again until it is acknowledged: the database may be known to be back only a moment later. */
export async function untilAcknowledged<Result>(act: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** Waits until every reader answers so. Resolves with when each began to, in epoch milliseconds. */
export async function reached(cluster: Cluster, { flag, step }: Work, readers = [...cluster.readers.keys()]) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const at = readers.map((reader) => cluster.ledger.reachedAt(reader, flag, step));
    if (at.every((each) => each !== undefined))
      return new Map(readers.map((name, index) => [name, at[index] as number]));
    if (Date.now() > deadline)
      throw new Error(
        `${flag} did not come to step ${step} for ${readers.filter((_, index) => at[index] === undefined)}`,
      );
    await sleep(LOOK_EVERY_MS);
  }
}

/** Milliseconds from the acknowledgement until the last of the readers answered so. */
export async function latency(cluster: Cluster, work: Work, readers?: string[]): Promise<number> {
  const at = await reached(cluster, work, readers);
  const acknowledged = cluster.ledger.step(work.flag, work.step).acknowledgedAt as number;
  return Math.max(0, Math.max(...at.values()) - acknowledged);
}
