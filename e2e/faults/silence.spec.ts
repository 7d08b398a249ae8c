import { test } from "./support/verdict.ts";

test.describe("a network cut without an end", () => {
  test("the SDK notices within 45 s (three heartbeats), and is back at once", async ({
    silence,
    verdict,
  }) => {
    verdict.within("the SDK noticed after", await silence.sdkNoticedMs, 45_000 + 1_000);
    verdict.within("back after", await silence.sdkBackMs, 5_000);
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
