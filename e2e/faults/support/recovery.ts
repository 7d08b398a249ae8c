import { expect } from "@playwright/test";
import type { Cluster, NodeName, Reader } from "./cluster.ts";
import { expectConsistent } from "./consistency.ts";
import type { Verdict } from "./verdict.ts";
import { change, reached, untilAcknowledged } from "./work.ts";

const RECOVERY_MS = 5_000;

/**
 * After every fault, without a restart of anything: all nodes on the newest revision within 5 s of `since`, when what
 * was broken was whole again; all SDKs within the delay that they had drawn, which ends with their next connection, plus
 * 5 s. Nothing acknowledged is lost, and the record is whole.
 */
export async function expectRecovery(
  cluster: Cluster,
  verdict: Verdict,
  since: number,
  nodes: NodeName[] = ["a", "b"],
): Promise<void> {
  const connected = new Set([...cluster.readers.values()].filter(({ line }) => line.streams.open > 0));
  const work = await untilAcknowledged(() => change(cluster, nodes[0]));
  await expect.poll(() => rulesetsAgree(cluster, nodes), { timeout: 60_000, intervals: [20] }).toBe(true);
  verdict.within("recovery: nodes", Date.now() - since, RECOVERY_MS);
  const at = await reached(cluster, work);
  const late = [...cluster.readers.values()].map((reader) => {
    const from = connected.has(reader) ? since : nextAttempt(reader, since);
    return (at.get(reader.name) as number) - Math.max(from, since);
  });
  verdict.within("recovery: SDKs", Math.max(0, ...late), RECOVERY_MS);
  await expectConsistent(cluster.database);
}

function nextAttempt({ line }: Reader, since: number): number {
  return line.attempts.find((at) => at >= since) ?? since;
}

/** Whether all nodes serve the same bytes, kills included, at the revision that the database has. */
async function rulesetsAgree(cluster: Cluster, nodes: NodeName[]): Promise<boolean> {
  const headers = { authorization: `Bearer ${cluster.sdkKey}` };
  const rulesets = await Promise.all(
    nodes.map(async (name) => (await fetch(`${cluster.node(name).url}/sdk/v1/ruleset`, { headers })).text()),
  );
  return new Set(rulesets).size === 1;
}
