import { existsSync } from "node:fs";
import { expect } from "@playwright/test";
import { childrenOf } from "../support/services.ts";
import { CORD } from "./support/cluster.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift, untilAcknowledged } from "./support/work.ts";

const WORKERS = 2;
/** Connections go to the workers in turns. */
const SDKS = ["first SDK of the workers", "second SDK of the workers"];

test.describe("a node of several workers: one is killed (-9), then its primary", () => {
  test("the other serves on and another takes its place; without their primary all end, and the node starts again", async ({
    cluster,
    verdict,
  }) => {
    // It starts a primary and its workers twice.
    test.setTimeout(180_000);
    await cluster.addNode("c", { ...cluster.environment(), WORKERS: String(WORKERS) });
    for (const name of SDKS) await cluster.addReader(name, ["c"]);
    const primary = cluster.node("c").process.pid as number;
    const [victim, survivor] = childrenOf(primary) as [number, number];

    process.kill(victim, "SIGKILL");
    // What it was answering is lost with it; whoever comes once it is missed is not.
    await expect.poll(() => childrenOf(primary), { timeout: 30_000 }).not.toContain(victim);
    const cut = await untilAcknowledged(() => kill(cluster, "c"));
    await latency(cluster, cut);
    verdict.measured("a kill through the node reaches the SDKs of every worker");
    await expect.poll(() => childrenOf(primary).length, { timeout: 30_000 }).toBe(WORKERS);
    expect(childrenOf(primary)).toContain(survivor);
    verdict.measured("another worker takes its place");
    await expectRecovery(cluster, verdict, Date.now(), ["a", "b", "c"]);
    await latency(cluster, await untilAcknowledged(() => lift(cluster, "c")));

    const workers = childrenOf(primary);
    await cluster.node("c").stop("SIGKILL");
    await expect
      .poll(() => workers.filter((pid) => existsSync(`/proc/${pid}/exe`)), { timeout: 30_000 })
      .toEqual([]);
    for (const name of SDKS)
      expect((await cluster.reader(name).sdk.evaluate(CORD, ["anybody"])).on).toEqual(["anybody"]);
    verdict.measured("without their primary the workers end; their SDKs answer from memory");
    await cluster.startNode("c");
    await expectRecovery(cluster, verdict, Date.now(), ["a", "b", "c"]);
    for (const name of SDKS) await cluster.removeReader(name);
    await cluster.node("c").stop();
  });
});
