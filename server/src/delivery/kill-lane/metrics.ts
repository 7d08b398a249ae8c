import { Counter, Gauge } from "prom-client";

export const killsAccepted = new Counter({
  name: "lanyard_kills_accepted_total",
  help: "Kills accepted by this node.",
});

export const liftsAccepted = new Counter({
  name: "lanyard_break_glass_lifts_total",
  help: "Lifts that owners made as break-glass on this node.",
});

export const killsPending = new Gauge({
  name: "lanyard_kills_pending",
  help: "Kills known to this node that PostgreSQL is not known to have.",
});

export const drainsFailed = new Counter({
  name: "lanyard_kill_drains_failed_total",
  help: "Times that PostgreSQL did not take a kill that waits for it, be it only for now.",
});

export const killsDrained = new Counter({
  name: "lanyard_kills_drained_total",
  help: "Kills that this node put into PostgreSQL, or found there.",
});
