import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import { startNode } from "../support/node.ts";
import type { Cluster } from "./support/cluster.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test, type Verdict } from "./support/verdict.ts";
import { kill, latency, lift, untilAcknowledged } from "./support/work.ts";

/** A node's data folder is at most two seconds behind. */
const COPIED_AFTER_MS = 2_500;
/** One try to connect, and a process to begin. */
const LISTENS_MS = 5_000;
const SDK = "SDK of the new node";

for (const [fault, take, giveBack] of [
  ["a node starts while PostgreSQL is down", "kill", "start"],
  ["a node starts while PostgreSQL hangs", "pause", "resume"],
] as const)
  test.describe(fault, () => {
    test("it serves from its data folder and kills; without one it is not ready, and says why", async ({
      cluster,
      verdict,
    }) => {
      const { postgres } = cluster.services;
      await sleep(COPIED_AFTER_MS);
      await postgres[take]();
      await cluster.node("a").stop("SIGKILL");
      const began = Date.now();
      await cluster.startNode("a", "listening");
      verdict.within("listens", Date.now() - began, LISTENS_MS);
      await cluster.addReader(SDK, ["a"]);
      verdict.within("kill through it", await latency(cluster, await kill(cluster, "a")), 250);
      await expectNotReadyWithoutFolder(cluster, verdict);

      await postgres[giveBack]();
      await expectRecovery(cluster, verdict, Date.now());
      await latency(cluster, await untilAcknowledged(() => lift(cluster)));
      await cluster.removeReader(SDK);
    });
  });

async function expectNotReadyWithoutFolder(cluster: Cluster, verdict: Verdict): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lanyard-empty-"));
  const node = await startNode({ ...cluster.environment(), DATA_DIR: folder }, "listening");
  try {
    expect((await fetch(`${node.url}/readyz`)).status).toBe(503);
    expect(node.output()).toContain("not ready, and there is no copy");
    verdict.measured("without a folder: not ready, and the log says that there is no copy");
  } finally {
    await node.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}
