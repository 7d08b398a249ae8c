import { expect } from "@playwright/test";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { change, latency } from "./support/work.ts";

const text = (change: (text: string) => string) => (bytes: Buffer) => Buffer.from(change(bytes.toString()));

/** What happens to the bytes of the next frame on their way to the SDK. */
const DAMAGES: [fault: string, damage: (bytes: Buffer) => Buffer][] = [
  ["garbled JSON", text((frame) => frame.replaceAll('":', '"#'))],
  ["bytes that are no text", (bytes) => bytes.fill(0xff, bytes.indexOf("data:") + 6, bytes.length - 2)],
  ["a poisoned flag", text((frame) => frame.replace(/"variations":\[/g, '"variations":null,"were":['))],
  [
    "a patch from nowhere",
    text((frame) => frame.replace(/"from":\d+/, '"from":999999').replace(/"to":\d+/, '"to":1000000')),
  ],
];

for (const [fault, damage] of DAMAGES)
  test.describe(`${fault} on the stream`, () => {
    test("refused whole; the last good rules stay; visible; the SDK asks again and is whole", async ({
      cluster,
      verdict,
    }) => {
      const { sdk, line } = cluster.reader("SDK of b");
      const told = (await sdk.status()).warnings.length;
      let damaged = 0;
      line.tamper((bytes) => {
        if (damaged > 0 || !bytes.includes("event: patch")) return bytes;
        damaged += 1;
        return damage(bytes);
      });
      const work = await change(cluster);
      await expect
        .poll(async () => (await sdk.status()).warnings.length, { timeout: 30_000 })
        .toBeGreaterThan(told);
      verdict.measured(`the SDK said: ${(await sdk.status()).warnings.slice(told).join(", ")}`);
      line.tamper(undefined);
      verdict.measured(`repaired after ${await latency(cluster, work)} ms, a drawn delay included`);
      expect(damaged).toBe(1);
      await expectRecovery(cluster, verdict, Date.now());
    });
  });

test.describe("a connection ends in mid-frame", () => {
  test("half a frame is no frame; the SDK reconnects and is whole", async ({ cluster, verdict }) => {
    const { line } = cluster.reader("SDK of b");
    line.tamper((bytes) => {
      if (!bytes.includes("event: patch")) return bytes;
      line.tamper(undefined);
      setImmediate(() => line.cut());
      return bytes.subarray(0, bytes.length / 2);
    });
    const work = await change(cluster);
    await expect.poll(() => line.streams.open, { timeout: 30_000 }).toBe(0);
    line.restore();
    await expectRecovery(cluster, verdict, Date.now());
    await latency(cluster, work);
  });
});
