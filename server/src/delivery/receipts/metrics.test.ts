import { AggregatorRegistry, register } from "prom-client";
import { expect, test } from "vitest";
import { instancesKnown } from "./metrics.ts";
import { showDrills } from "./show-drills.ts";

test("what every worker of a machine knows whole is said once", async () => {
  instancesKnown.set(7);
  const receipts = {
    seen: 5,
    confirmed: 3,
    since: "2026-11-26T12:00:00.000Z",
    p50Ms: 8,
    p99Ms: 250,
    stragglers: [],
    sampled: false,
    browsers: null,
    scope: "all-nodes" as const,
  };
  showDrills(new Map([["env_1", { at: "2026-11-26T12:00:00.000Z", outcome: "missing", receipts }]]));
  const worker = await register.getMetricsAsJSON();
  const text = await AggregatorRegistry.aggregate([worker, worker]).metrics();
  expect(text).toContain("lanyard_instances 7\n");
  expect(text).toContain('lanyard_drill_seen{environment="env_1"} 5\n');
  expect(text).toContain('lanyard_drill_missing{environment="env_1"} 2\n');
  expect(text).toContain('lanyard_drill_p99_seconds{environment="env_1"} 0.25\n');
  expect(text).toContain(
    `lanyard_drill_timestamp_seconds{environment="env_1"} ${Date.UTC(2026, 10, 26, 12) / 1_000}\n`,
  );
});
