import type { Logger } from "pino";
import { Counter } from "prom-client";
import type { EnvironmentState } from "../environments/index.ts";
import type { Widened } from "./residuals.ts";

const widenedFlags = new Counter({
  name: "lanyard_flags_widened_total",
  help: "Flags that told too many of a page's users apart, so that browsers get their answers instead of their rules.",
  labelNames: ["environment"],
});

/** Names the conditions: who reads it can make the attribute public or the rule coarser. */
export function noteWidened(log: Logger, { id }: EnvironmentState, { flag, paths }: Widened) {
  // The metric counts by ids only: anybody may read it, and keys tell what a company builds.
  widenedFlags.inc({ environment: id });
  log.warn(
    { environmentId: id, flag, conditions: paths.slice(0, 20) },
    `browsers get the answers of "${flag}": its private conditions make more audience classes than are kept`,
  );
}
