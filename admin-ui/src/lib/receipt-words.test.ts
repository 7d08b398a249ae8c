import type { KillReceipts } from "@lanyard/contract";
import { expect, test } from "vitest";
import { confirmedWords, holderWords, instanceName, milliseconds, stragglerWords } from "./receipt-words.ts";

const straggler = { instance: "i-1", environment: "production", app: "shop", host: "web-3", stale: false };
const receipts = (more: Partial<KillReceipts>): KillReceipts => ({
  seen: 415,
  confirmed: 412,
  since: "2026-11-22T03:00:00.000Z",
  p50Ms: 12,
  p99Ms: 84,
  stragglers: [],
  sampled: false,
  browsers: null,
  scope: "all-nodes",
  ...more,
});

test("counts are said as of how many", () => {
  expect(confirmedWords(receipts({}))).toBe("412 of 415 instances confirmed");
  expect(confirmedWords(receipts({ seen: 1, confirmed: 0 }))).toBe("0 of 1 instance confirmed");
  expect(confirmedWords(receipts({ seen: 12_000, sampled: true }))).toBe(
    "412 of 12,000 instances confirmed; a sample was asked",
  );
  expect(confirmedWords(receipts({ seen: 0, confirmed: 0 }))).toBe("No instance was connected");
});

test("who holds a kill is said with instances first, and without those who do not", () => {
  expect(holderWords({ instances: 1, browsers: 0 })).toBe("one instance");
  expect(holderWords({ instances: 2, browsers: 1 })).toBe("2 instances and one browser");
  expect(holderWords({ instances: 0, browsers: 1_200 })).toBe("1,200 browsers");
});

test("an instance is called what it says of itself", () => {
  expect(instanceName({ app: "shop", host: "web-3" })).toBe("shop on web-3");
  expect(instanceName({ app: "shop", host: null })).toBe("shop");
  expect(instanceName({ app: null, host: "web-3" })).toBe("web-3");
  expect(instanceName({ app: null, host: null })).toBe("unnamed instance");
});

test("stragglers are named, the first of them", () => {
  expect(stragglerWords(receipts({}))).toBe("");
  expect(stragglerWords(receipts({ stragglers: [{ ...straggler, stale: true }, straggler] }))).toBe(
    "Not confirmed: shop on web-3 (not heard of for a minute), shop on web-3 and 1 more",
  );
});

test("a time is said in the unit that people read", () => {
  expect([milliseconds(84), milliseconds(1_449)]).toEqual(["84 ms", "1.4 s"]);
});
