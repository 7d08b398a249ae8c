import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import { killsOnRecord } from "./support/record.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { change, kill, latency, lift, untilAcknowledged } from "./support/work.ts";

const OUTAGE_MS = 2_500;

for (const [fault, take] of [
  ["a node is cut off from PostgreSQL and Redis", "cut"],
  ["a node's packets to PostgreSQL and Redis vanish", "freeze"],
] as const)
  test.describe(fault, () => {
    test("it serves on and kills at once; what others changed, and what it killed, is everywhere once the network is back", async ({
      cluster,
      verdict,
    }) => {
      const before = await killsOnRecord(cluster);
      const cables = Object.values(cluster.cables);
      for (const cable of cables) cable[take]();
      const changed = await change(cluster, "a");
      verdict.within(
        "change at the SDK of the other node",
        await latency(cluster, changed, ["SDK of a"]),
        1_500,
      );
      const cut = await kill(cluster, "b");
      verdict.within("kill at the SDK of the cut-off node", await latency(cluster, cut, ["SDK of b"]), 600);
      await sleep(OUTAGE_MS);
      for (const cable of cables) cable.restore();
      await expectRecovery(cluster, verdict, Date.now());
      await latency(cluster, changed);
      await latency(cluster, cut);
      await expect.poll(() => killsOnRecord(cluster), { timeout: 30_000 }).toBe(before + 1);
      await latency(cluster, await untilAcknowledged(() => lift(cluster)));
    });
  });
