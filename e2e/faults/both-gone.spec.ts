import { expect } from "@playwright/test";
import { type Cluster, CORD } from "./support/cluster.ts";
import { killsOnRecord } from "./support/record.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift, untilAcknowledged } from "./support/work.ts";

test.describe("PostgreSQL and Redis are both gone", () => {
  test("a kill reaches this node's streams at once; it is on the record after recovery", async ({
    cluster,
    verdict,
  }) => {
    const before = await killsOnRecord(cluster);
    await takeBoth(cluster);
    const cut = await kill(cluster, "a");
    expect(cut.accepted.durable).toEqual(["journal"]);
    verdict.within("kill at this node's SDK", await latency(cluster, cut, ["SDK of a"]), 250);
    await giveBoth(cluster);
    await expectRecovery(cluster, verdict, Date.now());
    verdict.within("kill at the other node's SDK, with recovery", await latency(cluster, cut), 10_000);
    await expect.poll(() => killsOnRecord(cluster), { timeout: 30_000 }).toBe(before + 1);
    verdict.measured("on the record, once");
    await latency(cluster, await untilAcknowledged(() => lift(cluster)));
  });
});

test.describe("PostgreSQL and Redis are both gone, and a node has peers", () => {
  test("a kill reaches the streams of the nodes named at once", async ({ cluster, verdict }) => {
    await cluster.addNode("c", { ...cluster.environment(), PEERS: cluster.node("a").url });
    await takeBoth(cluster);
    const cut = await kill(cluster, "c");
    verdict.within("kill at the peer's SDK", await latency(cluster, cut, ["SDK of a"]), 250);
    await giveBoth(cluster);
    await expectRecovery(cluster, verdict, Date.now());
    await latency(cluster, await untilAcknowledged(() => lift(cluster)));
    await cluster.node("c").stop();
  });
});

test.describe("the node is killed (-9) that alone had journaled a kill", () => {
  test("the kill stays with the SDKs that held it, and is on the record once the node is back", async ({
    cluster,
    verdict,
  }) => {
    const before = await killsOnRecord(cluster);
    await takeBoth(cluster);
    await latency(cluster, await kill(cluster, "a"), ["SDK of a"]);
    const { sdk, line } = cluster.reader("SDK of a");
    await cluster.node("a").stop("SIGKILL");
    await expect.poll(() => line.streams.open, { timeout: 60_000 }).toBe(1);
    expect((await sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
    verdict.measured("its SDK is at the other node, which knows nothing of the kill, and holds it");

    await cluster.startNode("a", "listening");
    const late = await cluster.addReader("SDK of the node that is back", ["a"]);
    expect((await late.sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
    await giveBoth(cluster);
    await expectRecovery(cluster, verdict, Date.now());
    await expect.poll(() => killsOnRecord(cluster), { timeout: 30_000 }).toBe(before + 1);
    verdict.measured("on the record, once");
    await latency(cluster, await untilAcknowledged(() => lift(cluster)));
    await cluster.removeReader("SDK of the node that is back");
  });
});

async function takeBoth({ services }: Cluster): Promise<void> {
  await Promise.all([services.postgres.kill(), services.redis.kill()]);
}

async function giveBoth({ services }: Cluster): Promise<void> {
  await Promise.all([services.postgres.start(), services.redis.start()]);
}
