import type { Drill } from "@lanyard/contract";
import { drillAt, drillMissing, drillSeen, drillSlowest } from "./metrics.ts";

/** Makes the metrics say what the newest drills found; by ids, since anybody may read them and keys tell what a company builds. */
export function showDrills(newest: ReadonlyMap<string, Drill>): void {
  for (const gauge of [drillAt, drillMissing, drillSeen, drillSlowest]) gauge.reset();
  for (const [environment, { at, outcome, receipts }] of newest) {
    const { seen, confirmed, p99Ms } = receipts;
    drillAt.set({ environment }, Date.parse(at) / 1_000);
    drillSeen.set({ environment }, seen);
    drillMissing.set({ environment }, outcome === "missing" ? seen - confirmed : 0);
    drillSlowest.set({ environment }, (p99Ms ?? 0) / 1_000);
  }
}
