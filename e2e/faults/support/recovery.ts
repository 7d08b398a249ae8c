import { expect } from "@playwright/test";
import type { Cluster, NodeName } from "./cluster.ts";
import { expectConsistent } from "./consistency.ts";
import { delaysDrawnAt } from "./drawn-delay.ts";
import type { Verdict } from "./verdict.ts";
import { change, reached, untilAcknowledged } from "./work.ts";

const RECOVERY_MS = 5_000;

/**
 * After every fault, without a restart of anything: all nodes on the newest revision, and taking changes, within 5 s of
 * `since`, when what was broken was whole again; all SDKs within the delay that they had drawn, which ends with their
 * next request, plus 5 s. Nothing acknowledged is lost, and the record is whole.
 */
export async function expectRecovery(
  cluster: Cluster,
  verdict: Verdict,
  since: number,
  nodes: NodeName[] = ["a", "b"],
): Promise<void> {
  const delays = delaysDrawnAt(cluster, since);
  const work = await untilAcknowledged(() => change(cluster, nodes[0]));
  const isWhole = async () => (await rulesetsAgree(cluster, nodes)) && (await allManage(cluster, nodes));
  await expect.poll(isWhole, { timeout: 60_000, intervals: [20] }).toBe(true);
  verdict.within("recovery: nodes", Date.now() - since, RECOVERY_MS);
  const at = await reached(cluster, work);
  const late = [...delays].map(([name, from]) => (at.get(name) as number) - from());
  verdict.within("recovery: SDKs", Math.max(0, ...late), RECOVERY_MS);
  await expectConsistent(cluster.database);
}

/** Whether all nodes serve the same bytes, kills included, at the revision that the database has. */
async function rulesetsAgree(cluster: Cluster, nodes: NodeName[]): Promise<boolean> {
  const headers = { authorization: `Bearer ${cluster.sdkKey}` };
  const rulesets = await Promise.all(
    nodes.map(async (name) => (await fetch(`${cluster.node(name).url}/sdk/v1/ruleset`, { headers })).text()),
  );
  return new Set(rulesets).size === 1;
}

/** Whether people can work at every node again: each finds out for itself that the database is back. */
async function allManage(cluster: Cluster, nodes: NodeName[]): Promise<boolean> {
  const answers = await Promise.all(
    nodes.map((name) => {
      const { cookie } = cluster.api(name);
      return fetch(`${cluster.node(name).url}/api/v1/projects/web`, { headers: { cookie } });
    }),
  );
  return answers.every(({ ok }) => ok);
}
