import { expect, test } from "vitest";
import { randomFrom } from "../../../testing/random.ts";
import { COSTS } from "./costs.ts";
import { PACED, type Pacing, simulate, UNPACED } from "./storm.ts";

const storm = (clients: number, nodes: number, outageMs: number, pacing: Pacing) =>
  simulate({ clients, nodes, outageMs, pacing, costs: COSTS, random: randomFrom(7).next });

test("20,000 clients of two nodes are all back within seconds, and let in no faster than a node admits", () => {
  const { backMs, peakPerSecond, longestWaitMs } = storm(20_000, 2, 0, PACED);
  expect(backMs.all).toBeLessThan(20_000);
  // What is admitted at once, and a second's worth.
  expect(peakPerSecond.opened).toBeLessThanOrEqual(3_000);
  expect(longestWaitMs).toBeLessThan(4_000);
});

test("after a minute without a node, chance has spread them: nobody waits at a node", () => {
  const { backMs, peakPerSecond, longestWaitMs } = storm(20_000, 2, 60_000, PACED);
  // A client draws up to 30 s, and a few have met the deadline of a connection.
  expect(backMs.most).toBeLessThan(40_000);
  expect(peakPerSecond.asked).toBeLessThan(1_500);
  expect(longestWaitMs).toBeLessThan(100);
});

test("with a third of the nodes needed, nothing is done for nobody, and requests wait half as long as without pacing", () => {
  const paced = storm(30_000, 1, 10_000, PACED);
  const unpaced = storm(30_000, 1, 10_000, UNPACED);
  expect(paced.longestWaitMs).toBeLessThan(unpaced.longestWaitMs / 2);
  expect(paced.wasted).toBe(0);
  expect(unpaced.wasted).toBeGreaterThan(1_000);
});

test("the same seed is the same storm", () => {
  expect(storm(2_000, 1, 5_000, PACED)).toEqual(storm(2_000, 1, 5_000, PACED));
});
