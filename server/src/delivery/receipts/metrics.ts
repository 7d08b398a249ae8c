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
