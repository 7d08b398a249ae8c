import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import type { Node } from "../support/node.ts";
import { residentBytes } from "./support/memory.ts";
import { readMetric } from "./support/metrics.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift } from "./support/work.ts";

const HERD = fileURLToPath(new URL("../support/herd.mjs", import.meta.url));
const CLIENTS = 10_000;
/** A node lets in two thousand at once and a thousand a second; on a busy machine it may not come to refuse anybody. */
const FASTEST_MS = 7_500;
/** Each holds a socket, a response and an entry or two: far less than this. */
const BYTES_PER_CLIENT = 64 * 1024;

test.describe("10,000 clients reconnect at once", () => {
  test("admission control: 503 with Retry-After, the snapshot stays up; memory bounded", async ({
    cluster,
    verdict,
  }) => {
    test.setTimeout(180_000);
    const node = cluster.node("a");
    const before = memoryOf(node);
    const herd = fork(HERD, [JSON.stringify({ url: node.url, key: cluster.sdkKey, count: CLIENTS })]);
    try {
      const watch = watchSnapshot(node, cluster.sdkKey);
      const [{ open }] = (await once(herd, "message")) as [{ open: { refused: number; ms: number } }];
      const snapshot = await watch.end();
      verdict.measured(
        `all in after ${(open.ms / 1_000).toFixed(1)} s, ${open.refused} times told to come later`,
      );
      expect(open.ms, "faster than a node admits").toBeGreaterThan(FASTEST_MS);
      verdict.measured(
        `snapshot meanwhile at most ${snapshot.most} ms, ${snapshot.failed} of ${snapshot.asked} failed`,
      );
      expect(snapshot.failed).toBe(0);
      // Those that are told to come later leave nothing behind either.
      const grown = Math.max(snapshot.mostBytes, memoryOf(node)) - before;
      verdict.measured(`at most ${Math.round(grown / CLIENTS / 1024)} kB a client at any time`);
      expect(grown).toBeLessThan(CLIENTS * BYTES_PER_CLIENT);
      verdict.within("kill with all connected", await latency(cluster, await kill(cluster)), 1_000);
      await latency(cluster, await lift(cluster));
    } finally {
      herd.disconnect();
      await once(herd, "exit");
    }
    await expectRecovery(cluster, verdict, Date.now());
    await expect.poll(() => readMetric(node, "lanyard_streams"), { timeout: 30_000 }).toBeLessThan(10);
  });
});

const memoryOf = (node: Node) => residentBytes(node.process.pid as number);

/** Asks for the ruleset over and over, as clients do that are told to come later; with the most that the node held. */
function watchSnapshot(node: Node, key: string) {
  const told = { asked: 0, failed: 0, most: 0, mostBytes: 0 };
  let ended = false;
  const done = (async () => {
    while (!ended) {
      const began = Date.now();
      const answer = await fetch(`${node.url}/sdk/v1/ruleset`, {
        headers: { authorization: `Bearer ${key}` },
      });
      await answer.text();
      told.asked += 1;
      if (answer.status !== 200) told.failed += 1;
      told.most = Math.max(told.most, Date.now() - began);
      told.mostBytes = Math.max(told.mostBytes, memoryOf(node));
      await sleep(100);
    }
  })();
  return {
    async end() {
      ended = true;
      await done;
      return told;
    },
  };
}
