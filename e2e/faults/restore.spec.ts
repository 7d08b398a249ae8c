import { expect } from "@playwright/test";
import { query } from "../support/database.ts";
import { backUp, restore } from "./support/backup.ts";
import { type Cluster, CORD, DIAL } from "./support/cluster.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test, type Verdict } from "./support/verdict.ts";
import { change, kill, latency, lift, reached, untilAcknowledged } from "./support/work.ts";

const NODES = ["a", "b"] as const;

test.describe("an older backup is restored under running nodes", () => {
  test("a new epoch; SDKs follow; kills are merged, not forgotten", async ({ cluster, verdict }) => {
    const { before, restoreIt } = await leaveBackupBehind(cluster);
    const step = await restoreIt();
    const since = Date.now();
    await reached(cluster, { flag: DIAL, step });
    verdict.within("SDKs at what the backup holds after", Date.now() - since, 5_000);
    expect(await epochOf(cluster)).toBeGreaterThan(before);
    await expectPutBack(cluster, verdict, since);
  });
});

test.describe("an older backup is restored while all nodes are stopped", () => {
  test("they know it by their data folders: a new epoch; SDKs follow; kills are put back", async ({
    cluster,
    verdict,
  }) => {
    const { before, restoreIt } = await leaveBackupBehind(cluster);
    for (const name of NODES) await cluster.node(name).stop("SIGTERM");
    const step = await restoreIt();
    for (const name of NODES) await cluster.startNode(name);
    const since = Date.now();
    expect(await epochOf(cluster)).toBeGreaterThan(before);
    await reached(cluster, { flag: DIAL, step });
    verdict.measured(`SDKs at what the backup holds ${Date.now() - since} ms after the nodes run again`);
    await expectPutBack(cluster, verdict, since);
  });
});

/** A backup that lacks three changes and a kill, which the SDKs have. `restoreIt` returns the step they go back to. */
async function leaveBackupBehind(cluster: Cluster) {
  const backedUp = await untilAcknowledged(() => change(cluster));
  await latency(cluster, backedUp);
  await backUp(cluster);
  for (let lost = 0; lost < 3; lost += 1)
    await latency(cluster, await untilAcknowledged(() => change(cluster)));
  await latency(cluster, await kill(cluster));
  return {
    before: await epochOf(cluster),
    restoreIt: async () => {
      const step = cluster.ledger.restored(DIAL, backedUp.step);
      await restore(cluster);
      return step;
    },
  };
}

/** The kill holds everywhere and is in the database again; ends with its lift. */
async function expectPutBack(cluster: Cluster, verdict: Verdict, since: number): Promise<void> {
  for (const { sdk } of cluster.readers.values())
    expect((await sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
  await expectRecovery(cluster, verdict, since);
  await expect.poll(() => killsHeld(cluster), { timeout: 30_000 }).toBe(1);
  verdict.measured("the kill that the backup lacks holds, and is in the database again");
  await latency(cluster, await untilAcknowledged(() => lift(cluster)));
}

async function epochOf(cluster: Cluster): Promise<number> {
  const headers = { authorization: `Bearer ${cluster.sdkKey}` };
  const answer = await fetch(`${cluster.node("a").url}/sdk/v1/ruleset`, { headers });
  return ((await answer.json()) as { epoch: number }).epoch;
}

async function killsHeld({ database }: Cluster): Promise<number> {
  const sql = `SELECT count(*) FROM kill_elements k WHERE NOT EXISTS
    (SELECT 1 FROM lift_elements l WHERE (l.kill_id, l.flag_key, l.environment_id) = (k.kill_id, k.flag_key, k.environment_id))`;
  const rows = await query<{ count: string }>(database, sql);
  return Number(rows[0]?.count);
}
