import { Counter, Gauge } from "prom-client";

export const instancesKnown = new Gauge({
  name: "lanyard_instances",
  help: "SDK instances that this node knows of, on whatever node they are.",
  aggregator: "max",
});

export const refusedFrames = new Gauge({
  name: "lanyard_sdk_refused_frames",
  help: "Damaged frames and answers that those instances have refused since they started.",
  aggregator: "max",
});

export const mismatches = new Gauge({
  name: "lanyard_sdk_mismatches",
  help: "How often those instances have found their rules to differ from the server's since they started.",
  aggregator: "max",
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
  help: "Drills of the kill lane that this node ran, by what came of them: confirmed, late, missing or nobody.",
  labelNames: ["environment", "outcome"],
});

/** What every process knows of an environment's newest drill, so that the workers of a machine say it once. */
const ofNewestDrill = (name: string, help: string) =>
  new Gauge({ name, help, labelNames: ["environment"], aggregator: "max" });

export const drillAt = ofNewestDrill(
  "lanyard_drill_timestamp_seconds",
  "When the newest drill of the environment began, on whatever node.",
);

export const drillSeen = ofNewestDrill(
  "lanyard_drill_seen",
  "Instances that were there for the newest drill of the environment.",
);

export const drillMissing = ofNewestDrill(
  "lanyard_drill_missing",
  "Instances that did not confirm the newest drill of the environment.",
);

export const drillSlowest = ofNewestDrill(
  "lanyard_drill_p99_seconds",
  "The 99th percentile from kill to effect in the newest drill of the environment.",
);
