import type { UsageBatch } from "@lanyard/contract";
import type { Reason } from "@lanyard/evaluation";
import type { EnvironmentState } from "../environments/index.ts";
import type { Audience } from "../ruleset/index.ts";

type Row = UsageBatch["usage"][number];

/** All that a page can have been told. */
const REASONS: Record<Reason | "stale", true> = {
  "flag-not-found": true,
  "type-mismatch": true,
  killed: true,
  off: true,
  "prerequisite-failed": true,
  target: true,
  rule: true,
  fallthrough: true,
  "unit-missing": true,
  unsupported: true,
  stale: true,
};

/** A client key is public: it counts only answers that there are, so that nobody can fill the table with names. */
export function isCountable(
  { flags }: EnvironmentState,
  audience: Audience,
  { flag, variation, reason }: Row,
): boolean {
  const content = flags.get(flag)?.content;
  if (!content) return false;
  if (audience === "server") return true;
  if (content.audience !== "client" || !Object.hasOwn(REASONS, reason)) return false;
  return variation === null || content.variations.some(({ id }) => id === variation);
}
