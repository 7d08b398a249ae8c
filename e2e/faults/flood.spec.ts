import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift } from "./support/work.ts";

const FLOOD = fileURLToPath(new URL("../support/flood.mjs", import.meta.url));
const KILLS = 12;
/** The flood comes from this machine: its cores are shared by who asks and who answers. */
const BUSY_MS = 500;

test.describe("a flood of sign-ins, of guessed kill tokens, of events", () => {
  test("kills are accepted in milliseconds meanwhile", async ({ cluster, verdict }) => {
    const flood = fork(FLOOD, [JSON.stringify({ url: cluster.node("a").url, key: cluster.sdkKey })]);
    const accepted: number[] = [];
    try {
      await sleep(1_000);
      for (let round = 0; round < KILLS; round += 1) {
        const asked = Date.now();
        const work = await kill(cluster);
        accepted.push(Date.now() - asked);
        verdict.within("kill accepted", Date.now() - asked, BUSY_MS);
        verdict.within("kill at the SDKs", await latency(cluster, work), BUSY_MS);
        await latency(cluster, await lift(cluster));
        await sleep(100);
      }
      verdict.measured(`median ${accepted.sort((a, b) => a - b)[KILLS / 2]} ms`);
      flood.send("report");
      const [{ answers }] = (await once(flood, "message")) as [{ answers: Record<string, number> }];
      verdict.measured(
        Object.entries(answers)
          .map(([kind, count]) => `${count} × ${kind}`)
          .join(", "),
      );
      expect(Object.keys(answers).filter((kind) => / 5(?!03)\d\d$/.test(kind))).toEqual([]);
    } finally {
      flood.disconnect();
      await once(flood, "exit");
    }
    await expectRecovery(cluster, verdict, Date.now());
  });
});
