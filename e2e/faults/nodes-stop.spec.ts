import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import { type Cluster, CORD } from "./support/cluster.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift } from "./support/work.ts";

/** A kill is in an SDK's folder a second after it was heard of. */
const SAVED_AFTER_MS = 1_500;
const OUTAGE_MS = 3_000;
const FLAG = "in-flight";

test.describe("all server nodes stop", () => {
  test("SDKs answer from memory with growing age; one that starts now uses its snapshot; reconnects are spread, one stream per client", async ({
    cluster,
    verdict,
  }) => {
    const dataDir = await mkdtemp(join(tmpdir(), "lanyard-snapshot-"));
    const first = "SDK with a folder";
    await cluster.addReader(first, ["a"], { dataDir });
    await latency(cluster, await kill(cluster));
    await sleep(SAVED_AFTER_MS);
    await cluster.removeReader(first, "SIGKILL");

    await Promise.all([cluster.node("a").stop("SIGKILL"), cluster.node("b").stop("SIGKILL")]);
    const stoppedAt = Date.now();
    const { sdk } = await cluster.addReader("SDK begun meanwhile", ["a"], { dataDir, readyMs: 200 });
    expect((await sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
    expect((await sdk.status()).state).toBe("cached");
    await sleep(OUTAGE_MS);
    for (const reader of cluster.readers.values()) {
      const { state, ageMs } = await reader.sdk.status();
      expect(["stale", "cached"]).toContain(state);
      expect(ageMs).toBeGreaterThan(OUTAGE_MS / 2);
    }
    verdict.measured(`${OUTAGE_MS / 1_000} s without a node: ${attempts(cluster, stoppedAt)}`);

    await Promise.all([cluster.startNode("a"), cluster.startNode("b")]);
    await expectRecovery(cluster, verdict, Date.now());
    // Where attempts failed a poll comes first, and then the stream.
    for (const { name, line } of cluster.readers.values())
      await expect.poll(() => line.streams.open, { message: name, timeout: 30_000 }).toBe(1);
    await latency(cluster, await lift(cluster));
    await cluster.removeReader("SDK begun meanwhile");
    await rm(dataDir, { recursive: true, force: true });
  });
});

test.describe("SIGTERM", () => {
  test("readiness off; goodbye; in-flight writes finish; exit 0 within 10 s; its SDKs are elsewhere in a moment", async ({
    cluster,
    verdict,
  }) => {
    const node = cluster.node("a");
    await cluster.api().call("POST", "/api/v1/projects/web/flags", { key: FLAG, name: "In flight" });
    const { line } = cluster.reader("SDK of a");
    const writes = Array.from({ length: 8 }, (_, index) => save(cluster, index));
    // One project's saves are done one after another: when the first is answered, the others are under way.
    await Promise.race(writes);
    const signalledAt = Date.now();
    const exit = node.stop("SIGTERM");
    expect(await Promise.all(writes)).toEqual(writes.map(() => 200));
    expect(await exit).toBe(0);
    verdict.within("exit 0 after", Date.now() - signalledAt, 10_000);
    await expect.poll(() => line.streams.open, { timeout: 30_000 }).toBe(1);
    const reopened = line.attempts.find((at) => at > signalledAt) as number;
    verdict.within("its SDK asked elsewhere after", reopened - signalledAt, 1_000);
    await expectRecovery(cluster, verdict, reopened, ["b"]);
    await cluster.startNode("a");
    await expectRecovery(cluster, verdict, Date.now());
  });
});

function attempts(cluster: Cluster, since: number): string {
  const counts = [...cluster.readers.values()].map(
    ({ line }) => line.attempts.filter((at) => at > since).length,
  );
  for (const count of counts) expect(count).toBeLessThan(30);
  return `${counts.join(", ")} streams tried by ${counts.length} SDKs`;
}

/** On a connection of its own, which no keep-alive can end. */
function save(cluster: Cluster, index: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = `/api/v1/projects/web/flags/${FLAG}/environments/development`;
    const headers = { cookie: cluster.cookie, "content-type": "application/json" };
    const sent = request(`${cluster.node("a").url}${path}`, { method: "PATCH", headers, agent: false });
    sent.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ on: index % 2 === 0, message: `write ${index}` }));
  });
}
