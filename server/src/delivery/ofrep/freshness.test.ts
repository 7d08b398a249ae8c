import { expect, test } from "vitest";
import { serves } from "./freshness.ts";

const TAG = "2-40-kills-server";
const state = { epoch: 2, revision: 40, revisedAt: performance.now() };
const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

test.each([
  ["nothing was told", {}, true],
  ["what it serves", { flagConfigEtag: TAG }, true],
  ["an older revision", { flagConfigEtag: "2-39-kills-server" }, true],
  ["an older epoch", { flagConfigEtag: "1-99-kills-server" }, true],
  ["a newer revision", { flagConfigEtag: "2-41-kills-server" }, false],
  ["a newer epoch", { flagConfigEtag: "3-1-kills-server" }, false],
  ["other kills", { flagConfigEtag: "2-40-others-server" }, false],
  ["what is no tag of ours", { flagConfigEtag: '"v1"' }, false],
  ["a change long ago", { flagConfigLastModified: String(secondsFromNow(-60)) }, true],
  ["a change after the newest it has", { flagConfigLastModified: String(secondsFromNow(60)) }, false],
  ["the same as a date", { flagConfigLastModified: new Date(Date.now() + 60_000).toISOString() }, false],
  ["what is no time", { flagConfigLastModified: "yesterday" }, true],
])("a client that was told %s: %j", (_, told, expected) => {
  expect(serves(state, TAG, told)).toBe(expected);
});
