import { Counter, Gauge } from "prom-client";

export const messagesRefused = new Counter({
  name: "lanyard_bus_messages_refused_total",
  help: "Messages between nodes that were not signed with this instance's secret, and were dropped.",
});

export const databaseUp = new Gauge({
  name: "lanyard_database_up",
  help: "Whether the last look at the counters reached the database.",
});
