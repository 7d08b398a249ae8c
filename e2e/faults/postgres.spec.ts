import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import { type Cluster, CORD } from "./support/cluster.ts";
import { killsOnRecord } from "./support/record.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test, type Verdict } from "./support/verdict.ts";
import { change, kill, latency, lift, untilAcknowledged } from "./support/work.ts";

/** A node looks each second and waits two for the answer; from when it knows, it says so at once, also to who waited. */
const MANAGEMENT_MS = { first: 3_500, second: 250 };
/** Each of PostgreSQL and Redis is given 250 ms. */
const KILL_MS = 350;
/** Long enough for statements to run into their limits. */
const OUTAGE_MS = 6_000;

for (const [fault, take, giveBack] of [
  ["PostgreSQL is killed (-9)", "kill", "start"],
  ["PostgreSQL hangs (SIGSTOP)", "pause", "resume"],
] as const)
  test.describe(fault, () => {
    test("evaluation, streams, new connections and kills go on from memory; management answers 503 within its deadline; nothing accepted is lost", async ({
      cluster,
      verdict,
    }) => {
      const { postgres } = cluster.services;
      const before = await killsOnRecord(cluster);
      await latency(cluster, await change(cluster));
      const streams = openings(cluster);
      await postgres[take]();
      const back = Date.now() + OUTAGE_MS;

      const asked = Date.now();
      const cut = await kill(cluster);
      verdict.within("kill answered", Date.now() - asked, KILL_MS);
      verdict.within("kill at the SDKs of both nodes", await latency(cluster, cut), KILL_MS);
      expect(cut.accepted.durable).toContain("journal");
      await expectManagementRefuses(cluster, verdict);
      const { sdk } = await cluster.addReader("SDK begun meanwhile", ["a"]);
      expect((await sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
      await sleep(Math.max(0, back - Date.now()));
      await cluster.removeReader("SDK begun meanwhile");
      expect(openings(cluster), "streams stay").toEqual(streams);

      await postgres[giveBack]();
      await expectRecovery(cluster, verdict, Date.now());
      await expect.poll(() => killsOnRecord(cluster), { timeout: 30_000 }).toBe(before + 1);
      verdict.measured("the kill is on the record, once");
      await latency(cluster, await untilAcknowledged(() => lift(cluster)));
    });
  });

/** One connection for each stream: it would be another one had it broken. */
function openings(cluster: Cluster): number[] {
  return [...cluster.readers.values()].map(({ line }) => line.streams.open);
}

async function expectManagementRefuses(cluster: Cluster, verdict: Verdict): Promise<void> {
  for (const name of ["first", "second"] as const) {
    const asked = Date.now();
    const { status, code } = await listFlags(cluster);
    verdict.within(`management's ${name} answer`, Date.now() - asked, MANAGEMENT_MS[name]);
    expect([status, code]).toEqual([503, "unavailable"]);
  }
}

async function listFlags(cluster: Cluster): Promise<{ status: number; code: string }> {
  const answer = await fetch(`${cluster.node("a").url}/api/v1/projects/web/flags`, {
    headers: { cookie: cluster.cookie },
  });
  return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
}
