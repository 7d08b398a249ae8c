import { setTimeout as sleep } from "node:timers/promises";
import { query } from "../../support/database.ts";
import { type Cluster, DIAL, type NodeName } from "../support/cluster.ts";

const NODES: NodeName[] = ["a", "b", "c"];
const LOOK_EVERY_MS = 20;
/** Far beyond what is promised: what takes longer has not recovered at all. */
const NODES_LIMIT_MS = 60_000;
const SDKS_LIMIT_MS = 120_000;

/** Milliseconds from `since` to all nodes at the database's newest revision, and to all SDKs at the newest answer. */
export interface Recovery {
  nodesMs: number;
  /** Beyond the delay that each had drawn. */
  sdksMs: number;
}

/** While the worker goes on, so what is newest moves: each must pass what was newest at `since`. */
export async function recovered(cluster: Cluster, since: number): Promise<Recovery> {
  const mark = await until("PostgreSQL", NODES_LIMIT_MS, () => storedRevision(cluster));
  const step = cluster.ledger.newest(DIAL);
  for (const name of NODES)
    await until(`node ${name}`, NODES_LIMIT_MS, async () => (await servedRevision(cluster, name)) >= mark);
  const nodesMs = Date.now() - since;
  let sdksMs = 0;
  for (const [name, { line }] of cluster.readers) {
    await until(name, SDKS_LIMIT_MS, () => cluster.ledger.reachedAt(name, DIAL, step));
    const at = cluster.ledger.reachedAt(name, DIAL, step) ?? Date.now();
    const attempt = line.attempts.find((each) => each >= since && each <= at) ?? since;
    sdksMs = Math.max(sdksMs, at - attempt);
  }
  return { nodesMs, sdksMs };
}

async function storedRevision({ database }: Cluster): Promise<number> {
  const sql = "SELECT revision FROM environments WHERE key = 'development'";
  const [row] = await query<{ revision: string }>(database, sql);
  return Number(row?.revision);
}

async function servedRevision(cluster: Cluster, name: NodeName): Promise<number> {
  const headers = { authorization: `Bearer ${cluster.sdkKey}` };
  const answer = await fetch(`${cluster.node(name).url}/sdk/v1/ruleset`, { headers });
  return ((await answer.json()) as { revision: number }).revision;
}

/** Asks until the answer is something; a refusal is an answer to ask again. */
async function until<Result>(
  what: string,
  limitMs: number,
  ask: () => Promise<Result> | Result,
): Promise<Exclude<Result, undefined | false>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await Promise.resolve(ask()).catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer as Exclude<Result, undefined | false>;
    if (Date.now() > deadline) throw new Error(`${what} did not recover within ${limitMs / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}
