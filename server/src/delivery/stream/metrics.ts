import { Counter, Gauge, Histogram } from "prom-client";

export const openStreams = new Gauge({
  name: "lanyard_streams",
  help: "SDK streams that are open on this node.",
});

export const clientStreamsRefused = new Counter({
  name: "lanyard_client_streams_refused_total",
  help: "Streams with client keys, OFREP's too, that were refused because this process or their address holds enough.",
});

export const framesWritten = new Counter({
  name: "lanyard_frames_total",
  help: "Frames made, by name; each is written to every stream of its environment.",
  labelNames: ["frame"],
});

export const slowReadersCut = new Counter({
  name: "lanyard_slow_readers_cut_total",
  help: "Streams closed because their reader did not keep up.",
});

export const fanoutSeconds = new Histogram({
  name: "lanyard_fanout_seconds",
  help: "Seconds to hand one frame to all streams of an environment.",
  labelNames: ["frame"],
  buckets: [0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 0.25, 1],
});
