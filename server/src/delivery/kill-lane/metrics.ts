import { Counter, Gauge } from "prom-client";

export const killsAccepted = new Counter({
  name: "lanyard_kills_accepted_total",
  help: "Kills accepted by this node.",
});

export const liftsAccepted = new Counter({
  name: "lanyard_lifts_accepted_total",
  help: "Lifts accepted by this node as kills are, by whom: an owner as break-glass, or an alert that is over.",
  labelNames: ["by"],
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
