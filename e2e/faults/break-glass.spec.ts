import { expect } from "@playwright/test";
import { CORD } from "./support/cluster.ts";
import { onRecord } from "./support/record.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency } from "./support/work.ts";

/** PostgreSQL and Redis are given 250 ms each, and each way a moment. */
const LIFT_MS = 350;

test.describe("PostgreSQL is killed (-9), and a flag must come back", () => {
  test("an owner's break-glass lift reaches the SDKs of both nodes at once; it is on the record, once, after recovery", async ({
    cluster,
    verdict,
  }) => {
    const before = await onRecord(cluster, "kill.lifted-as-break-glass");
    const cut = await kill(cluster);
    await latency(cluster, cut);
    await cluster.services.postgres.kill();
    const asked = Date.now();
    const step = await cluster.ledger.ask(CORD, "on", () =>
      cluster.api("b").call("POST", `/api/v1/kills/${cut.accepted.id}/break-glass-lift`, {
        project: "web",
        environments: ["development"],
        reason: "customers are locked out",
      }),
    );
    verdict.within("break-glass lift answered", Date.now() - asked, LIFT_MS);
    verdict.within("lift at the SDKs of both nodes", await latency(cluster, { flag: CORD, step }), LIFT_MS);
    await cluster.services.postgres.start();
    await expectRecovery(cluster, verdict, Date.now());
    await expect
      .poll(() => onRecord(cluster, "kill.lifted-as-break-glass"), { timeout: 30_000 })
      .toBe(before + 1);
    verdict.measured("on the record, once");
  });
});
