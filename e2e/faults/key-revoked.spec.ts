import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";

const REVOKED_MS = 1_500;
const WATCH_MS = 3_000;

test.describe("a key is rotated, and the old one revoked", () => {
  test("its streams are cut within 1.5 s on every node; the SDK keeps its last good rules, says so, and tries on slowly", async ({
    cluster,
    verdict,
  }) => {
    const old = await cluster.makeKey({ kind: "server", name: "old", environment: "development" });
    const { items } = await cluster.api().call<{ items: { id: string; name: string }[] }>("GET", KEYS);
    const { id } = items.find(({ name }) => name === "old") as { id: string };
    const name = "SDK with the old key";
    const { sdk, line } = await cluster.addReader(name, ["b"], { key: old });
    expect(line.streams.open).toBe(1);

    await cluster.api("a").call("DELETE", `${KEYS}/${id}`);
    const revokedAt = Date.now();
    const lost = await sdk.seen(
      ({ event, detail }) => event === "status" && (detail as { state: string }).state === "stale",
      revokedAt - REVOKED_MS,
    );
    verdict.within("stream cut at the other node after", Math.max(0, lost.at - revokedAt), REVOKED_MS);
    await expect
      .poll(async () => (await sdk.status()).lastError?.message, { timeout: 20_000 })
      .toContain("401");
    const attempts = line.attempts.length;
    await sleep(WATCH_MS);
    expect(line.attempts.length).toBe(attempts);
    const { state, lastError } = await sdk.status();
    expect(state).toBe("stale");
    verdict.measured(`the SDK says: ${lastError?.message}; it answers as before, and does not hammer`);
    await cluster.removeReader(name);
    await expectRecovery(cluster, verdict, Date.now());
  });
});

const KEYS = "/api/v1/projects/web/keys";
