import { isDeepStrictEqual } from "node:util";
import { query } from "../../support/database.ts";
import { type Cluster, CORD, DIAL, type NodeName } from "../support/cluster.ts";
import { findFaults } from "../support/consistency.ts";
import { latency } from "../support/work.ts";
import type { Done } from "./worker.ts";

const NODES: NodeName[] = ["a", "b", "c"];
/** What an SDK says when a heartbeat's digest is not that of the rules it holds. */
const DIVERGED = /differ/;

/** In a moment without work and faults everybody must agree, and nothing acknowledged may be missing. Returns what is wrong. */
export async function check(cluster: Cluster, done: Done): Promise<string[]> {
  for (const flag of [DIAL, CORD]) await latency(cluster, { flag, step: cluster.ledger.newest(flag) });
  return [
    ...cluster.ledger.violations.splice(0),
    ...(await divergence(cluster)),
    ...(await lostChanges(cluster, done)),
    ...(await findFaults(cluster.database)),
  ];
}

async function divergence(cluster: Cluster): Promise<string[]> {
  const found: string[] = [];
  const headers = { authorization: `Bearer ${cluster.sdkKey}` };
  const rulesets = await Promise.all(
    NODES.map(async (name) => (await fetch(`${cluster.node(name).url}/sdk/v1/ruleset`, { headers })).json()),
  );
  if (rulesets.some((each) => !isDeepStrictEqual(each, rulesets[0])))
    found.push("nodes hold different rulesets");
  for (const { name, sdk } of cluster.readers.values()) {
    const { warnings } = await sdk.status();
    if (warnings.some((each) => DIVERGED.test(each))) found.push(`${name} held other rules than its node`);
  }
  return found;
}

async function lostChanges({ database }: Cluster, done: Done): Promise<string[]> {
  const rows = await query<{ message: string }>(database, "SELECT message FROM changes");
  const recorded = new Set(rows.map(({ message }) => message));
  const lost = done.changes.filter((step) => !recorded.has(`step ${step}`));
  const [kills] = await query<{ count: string }>(
    database,
    "SELECT count(*) FROM changes WHERE action = 'kill.accepted'",
  );
  return [
    ...lost.map((step) => `the change of step ${step} was acknowledged and is lost`),
    ...(Number(kills?.count) < done.kills
      ? [`${done.kills} kills acknowledged, ${kills?.count} on record`]
      : []),
  ];
}
