import { expect } from "@playwright/test";
import { startSdkProcess } from "../support/sdk-process.ts";
import { readMetric } from "./support/metrics.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { change, latency } from "./support/work.ts";

const FLAG = "fat";
const CUT = "lanyard_slow_readers_cut_total";
/** Each change fills a frame; what the system's own buffers hold comes before the server's. */
const FAT_UNITS = 2_500;
const MOST_CHANGES = 1_000;
const HEALTHY_MS = 1_500;

test.describe("an SDK process hangs (SIGSTOP) and reads nothing", () => {
  test("it is cut at a bounded buffer and resumes later; it costs no other client anything", async ({
    cluster,
    verdict,
  }) => {
    const api = cluster.api();
    await api.call("POST", "/api/v1/projects/web/flags", { key: FLAG, name: "Fat" });
    // Without a cable, which would read in its place.
    const stuck = await startSdkProcess(cluster.node("a").url, cluster.sdkKey);
    await cluster.watch("SDK that hangs", stuck);
    const node = cluster.node("a");
    const before = await readMetric(node, CUT);
    stuck.process.kill("SIGSTOP");

    let changes = 0;
    for (; (await readMetric(node, CUT)) === before; changes += 1) {
      expect(changes, "it should have been cut by now").toBeLessThan(MOST_CHANGES);
      const values = Array.from({ length: FAT_UNITS }, (_, index) => `unit ${changes} ${index} é`);
      await api.call("PATCH", `/api/v1/projects/web/flags/${FLAG}/environments/development`, {
        on: true,
        targets: [{ unit: "targetingKey", variation: "on", values }],
        message: "fat",
      });
      if (changes % 20 === 0)
        verdict.within("change at the other SDKs", await latency(cluster, await change(cluster)), HEALTHY_MS);
    }
    verdict.measured(`cut after ${changes} changes of some 50 kB`);

    stuck.process.kill("SIGCONT");
    const since = Date.now();
    const work = await change(cluster);
    verdict.within(
      "it was at the newest revision after",
      await latency(cluster, work, ["SDK that hangs"]),
      6_000,
    );
    await stuck.stop();
    cluster.ledger.forget("SDK that hangs");
    await expectRecovery(cluster, verdict, since);
  });
});
