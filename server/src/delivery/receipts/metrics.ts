import { Counter, Gauge } from "prom-client";

export const instancesKnown = new Gauge({
  name: "lanyard_instances",
  help: "SDK instances that this node knows of, on whatever node they are.",
});

export const receiptsDropped = new Counter({
  name: "lanyard_receipts_dropped_total",
  help: "Receipts refused because this node had more important things to do.",
});

export const silentCut = new Counter({
  name: "lanyard_silent_streams_cut_total",
  help: "Streams closed because their instance had shown no sign of life for a minute.",
});

export const drillsRun = new Counter({
  name: "lanyard_drills_total",
  help: "Drills of the kill lane that this node ran, by what came of them: confirmed, late or missing.",
  labelNames: ["environment", "outcome"],
});

export const drillMissing = new Gauge({
  name: "lanyard_drill_missing",
  help: "Instances that did not confirm this node's newest drill of the environment.",
  labelNames: ["environment"],
});

export const drillSlowest = new Gauge({
  name: "lanyard_drill_p99_seconds",
  help: "The 99th percentile from kill to effect in this node's newest drill of the environment.",
  labelNames: ["environment"],
});
