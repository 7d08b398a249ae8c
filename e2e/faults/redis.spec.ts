import { setTimeout as sleep } from "node:timers/promises";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { change, kill, latency, lift } from "./support/work.ts";

const WITHOUT_REDIS_MS = 1_500;
/** Long enough for nodes to give a silent connection up. */
const OUTAGE_MS = 5_000;

/** Redis keeps nothing on disk here: what is killed comes back wiped. */
for (const [fault, take, giveBack] of [
  ["Redis is killed (-9), and comes back wiped", "kill", "start"],
  ["Redis hangs (SIGSTOP)", "pause", "resume"],
] as const)
  test.describe(fault, () => {
    test("no evaluation changes; changes and kills reach every node within 1.5 s; back to milliseconds when it returns", async ({
      cluster,
      verdict,
    }) => {
      const { redis } = cluster.services;
      await redis[take]();
      for (const end = Date.now() + OUTAGE_MS; Date.now() < end; await sleep(500)) {
        verdict.within("change", await latency(cluster, await change(cluster)), WITHOUT_REDIS_MS);
        verdict.within("kill", await latency(cluster, await kill(cluster)), WITHOUT_REDIS_MS);
        verdict.within("lift", await latency(cluster, await lift(cluster)), WITHOUT_REDIS_MS);
      }
      await redis[giveBack]();
      await expectRecovery(cluster, verdict, Date.now());
      verdict.within("kill afterwards", await latency(cluster, await kill(cluster)), WITHOUT_REDIS_MS);
      await latency(cluster, await lift(cluster));
    });
  });
