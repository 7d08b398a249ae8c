import { setTimeout as sleep } from "node:timers/promises";
import { query } from "../../support/database.ts";
import { type Cluster, DIAL, type NodeName, type Reader } from "../support/cluster.ts";
import { delaysDrawnAt } from "../support/drawn-delay.ts";

const NODES: NodeName[] = ["a", "b", "c"];
const LOOK_EVERY_MS = 20;
/** Of nodes, and of SDKs beyond the delay that they had drawn. */
const RECOVERY_MS = 5_000;
/** Far beyond what is promised: what takes longer has not recovered at all. */
const NODES_LIMIT_MS = 60_000;
const SDKS_LIMIT_MS = 120_000;

/** Milliseconds from `since` to all nodes at the database's newest revision, and to all SDKs at the newest answer. */
export interface Recovery {
  nodesMs: number;
  /** Beyond the delay that each had drawn. */
  sdksMs: number;
  /** Who took longer than is promised. */
  late: { reader: Reader; ms: number }[];
}

/** While the worker goes on: what it changes first after `since`, which is now, each SDK must come to know. */
export async function recovered(cluster: Cluster, since: number): Promise<Recovery> {
  const { ledger, readers } = cluster;
  const delays = delaysDrawnAt(cluster, since);
  const mark = await until("PostgreSQL", NODES_LIMIT_MS, () => storedRevision(cluster));
  for (const name of NODES)
    await until(`node ${name}`, NODES_LIMIT_MS, async () => (await servedRevision(cluster, name)) >= mark);
  const nodesMs = Date.now() - since;
  const step = await until("the worker", NODES_LIMIT_MS, () => ledger.acknowledgedSince(DIAL, since));
  const { acknowledgedAt = since } = ledger.step(DIAL, step);
  // All at once: an SDK's answer moves on while another one is waited for.
  const took = await Promise.all(
    [...readers].map(async ([name, reader]) => {
      const at = await until(name, SDKS_LIMIT_MS, () => ledger.reachedAt(name, DIAL, step));
      return { reader, ms: Math.max(0, at - Math.max(acknowledgedAt, delays.get(name)?.() ?? since)) };
    }),
  );
  return {
    nodesMs,
    sdksMs: Math.max(...took.map(({ ms }) => ms)),
    late: took.filter(({ ms }) => ms > RECOVERY_MS),
  };
}

export const isSlow = ({ nodesMs, late }: Recovery): boolean => nodesMs > RECOVERY_MS || late.length > 0;

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
