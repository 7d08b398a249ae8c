import { Counter } from "prom-client";

export const rulesetsUnchanged = new Counter({
  name: "lanyard_rulesets_unchanged_total",
  help: "Polls of servers answered 304 ahead of everything, and left out of the request durations.",
});
