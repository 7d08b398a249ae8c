import { expect } from "@playwright/test";
import { test } from "./support/verdict.ts";

test.describe("a network cut without an end", () => {
  test("the SDK notices within 45 s (three heartbeats)", async ({ silence, verdict }) => {
    verdict.within("the SDK noticed after", await silence.sdkNoticedMs, 45_000 + 1_000);
    await expect.poll(async () => (await silence.cutOff.status()).state, { timeout: 60_000 }).toBe("live");
  });
});

test.describe("an SDK process hangs; its system takes what is sent", () => {
  test("the server notices within 60 s of its silence, though heartbeats keep the connection alive", async ({
    silence,
    verdict,
  }) => {
    verdict.within("the server noticed after", await silence.serverNoticedMs, 60_000);
  });
});
