import { expect } from "@playwright/test";
import type { Cluster } from "./support/cluster.ts";
import { readMetric } from "./support/metrics.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";

const APP = "the one that hangs";
const ENVIRONMENT = "/api/v1/projects/web/environments/development";

interface Named {
  app: string | null;
}

test.describe("an SDK process hangs while the kill lane is drilled", () => {
  test("the drill names who did not confirm, and raises a metric; when it runs again it confirms", async ({
    cluster,
    verdict,
  }) => {
    const { sdk } = await cluster.addReader(APP, ["b"], { app: APP });
    await expect.poll(() => known(cluster), { timeout: 30_000 }).toContain(APP);
    expect(await missed(cluster)).not.toContain(APP);
    sdk.process.kill("SIGSTOP");
    const hung = await missed(cluster);
    expect(hung).toContain(APP);
    // Whichever node is scraped: it shows what the newest drill found.
    const missing = () => readMetric(cluster.node("a"), "lanyard_drill_missing");
    await expect.poll(missing, { timeout: 30_000 }).toBeGreaterThan(0);
    verdict.measured(`missing while it hung: ${await missing()}, by name`);
    sdk.process.kill("SIGCONT");
    await expect.poll(() => missed(cluster), { timeout: 60_000 }).not.toContain(APP);
    verdict.measured("confirmed again");
    await cluster.removeReader(APP);
    await expectRecovery(cluster, verdict, Date.now());
  });
});

/** The applications that node `b` knows of. */
async function known(cluster: Cluster): Promise<Named["app"][]> {
  const { items } = await cluster.api("b").call<{ items: Named[] }>("GET", `${ENVIRONMENT}/instances`);
  return items.map(({ app }) => app);
}

/** Drills through node `b`: the applications that did not confirm. */
async function missed(cluster: Cluster): Promise<Named["app"][]> {
  type Drill = { receipts: { stragglers: Named[] } };
  const { receipts } = await cluster.api("b").call<Drill>("POST", `${ENVIRONMENT}/drill`);
  return receipts.stragglers.map(({ app }) => app);
}
