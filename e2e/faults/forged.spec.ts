import { expect } from "@playwright/test";
import { createClient } from "redis";
import { type Cluster, CORD, DIAL } from "./support/cluster.ts";
import { readMetric } from "./support/metrics.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { kill, latency, lift } from "./support/work.ts";

const REFUSED = "lanyard_bus_messages_refused_total";
/** As long as a real one. */
const SIGNATURE = "0".repeat(64);

interface Overheard {
  channel: string;
  message: string;
}

test.describe("somebody who reaches Redis forges messages", () => {
  test("none lifts a kill or injects a rule: unsigned, altered and misplaced ones are dropped and counted", async ({
    cluster,
    verdict,
  }) => {
    const redis = createClient({ url: cluster.services.redis.url });
    redis.on("error", () => {});
    await redis.connect();
    const cut = await overhear(cluster, async () => {
      const work = await kill(cluster);
      await latency(cluster, work);
      return work;
    });
    const { id } = cut.result.accepted;
    const { channel, message } = cut.killed;
    const environmentId = channel.slice(channel.lastIndexOf(":") + 1);
    const lifted = { type: "lifted", environmentId, elements: [{ id, flag: CORD }] };
    const rule = { type: "published", environmentId, epoch: 1, revision: 1_000_000, flags: { [DIAL]: null } };
    const altered = message.replace('"type":"killed"', '"type":"lifted"');
    expect(altered).not.toBe(message);
    const forgeries: [string, string][] = [
      [channel, SIGNATURE + JSON.stringify({ node: "forger", announcement: lifted })],
      [channel, SIGNATURE + JSON.stringify({ node: "forger", announcement: rule })],
      [channel, altered],
      [`${channel}x`, message],
      [channel, ""],
    ];
    const nodes = (["a", "b"] as const).map((name) => cluster.node(name));
    const before = await Promise.all(nodes.map((node) => readMetric(node, REFUSED)));
    for (const forgery of forgeries) await redis.publish(...forgery);
    for (const [index, node] of nodes.entries())
      await expect
        .poll(() => readMetric(node, REFUSED), { timeout: 30_000 })
        .toBeGreaterThanOrEqual((before[index] as number) + forgeries.length);
    verdict.measured(`${forgeries.length} forgeries, all refused and counted by both nodes`);
    redis.destroy();
    for (const { sdk } of cluster.readers.values())
      expect((await sdk.evaluate(CORD, ["anybody"])).reasons).toEqual({ killed: 1 });
    await latency(cluster, await lift(cluster));
    await expectRecovery(cluster, verdict, Date.now());
  });
});

/** Does it, and catches what the nodes say to each other of a kill meanwhile. */
async function overhear<Result>(cluster: Cluster, act: () => Promise<Result>) {
  const spy = createClient({ url: cluster.services.redis.url });
  spy.on("error", () => {});
  await spy.connect();
  let heard: (overheard: Overheard) => void;
  const killed = new Promise<Overheard>((resolve) => {
    heard = resolve;
  });
  await spy.pSubscribe("lanyard:*", (message, channel) => {
    if (message.includes('"type":"killed"')) heard({ channel, message });
  });
  const result = await act();
  const overheard = { result, killed: await killed };
  spy.destroy();
  return overheard;
}
