import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift, reached, untilAcknowledged } from "./support/work.ts";

const FLOOD = fileURLToPath(new URL("../support/flood.mjs", import.meta.url));
const KILLS = 12;
/** The flood comes from this machine: its cores are shared by who asks and who answers. */
const BUSY_MS = 250;
/** The answer waits 250 ms at most to say that PostgreSQL has it. */
const ANSWERED_MS = 250 + BUSY_MS;

test.describe("a flood of sign-ins, of guessed kill tokens, of events", () => {
  test("kills are accepted in milliseconds meanwhile", async ({ cluster, verdict }) => {
    const flood = fork(FLOOD, [JSON.stringify({ url: cluster.node("a").url, key: cluster.sdkKey })]);
    const effects: number[] = [];
    try {
      await sleep(1_000);
      for (let round = 0; round < KILLS; round += 1) {
        const asked = Date.now();
        const work = await kill(cluster);
        const answeredAt = Date.now();
        const inForce = Math.max(...(await reached(cluster, work)).values()) - asked;
        effects.push(inForce);
        verdict.within("in force at the SDKs after", inForce, BUSY_MS);
        verdict.within("answered after", answeredAt - asked, ANSWERED_MS);
        // Management is promised nothing meanwhile.
        await latency(cluster, await untilAcknowledged(() => lift(cluster)));
        await sleep(100);
      }
      verdict.measured(`in force: median ${effects.sort((a, b) => a - b)[KILLS / 2]} ms`);
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
