import { Counter } from "prom-client";

export const expiriesFailed = new Counter({
  name: "lanyard_kill_expiries_failed_total",
  help: "Times that a kill whose time is over could not be ended; it stays active and is tried again.",
});
