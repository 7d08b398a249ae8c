import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Load, watchLoad } from "./load.ts";

let now = 0;
let load: Load;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  load = watchLoad(() => now);
});
afterEach(() => {
  load.close();
  vi.useRealTimers();
});

const takeMany = (from: "server" | "client", count: number) =>
  Array.from({ length: count }, () => load.take(from)).filter((taken) => taken).length;

test("takes so many a second, and pages cannot take the servers' turns", () => {
  expect(takeMany("client", 10_000)).toBe(500);
  expect(load.droppedAt).toBe(Number.NEGATIVE_INFINITY);
  expect(takeMany("server", 10_000)).toBe(2_000);
  expect(load.droppedAt).toBe(0);
  now = 1_000;
  expect(takeMany("server", 10_000)).toBe(2_000);
});

test("takes none while the process is behind, and soon after it has caught up", () => {
  now = 10_000;
  // The turn that should have come after 50 ms comes now.
  vi.advanceTimersByTime(50);
  expect(takeMany("server", 5)).toBe(0);
  now += 600;
  expect(takeMany("server", 5)).toBe(5);
});
