import type { Reason } from "../model.ts";

/** OpenFeature's words for why a value was resolved. */
export type OpenFeatureReason =
  | "STATIC"
  | "DEFAULT"
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DISABLED"
  | "STALE"
  | "ERROR";

/** The codes with which a resolution fails: the caller's default stands in. */
export type OpenFeatureErrorCode = "FLAG_NOT_FOUND" | "TYPE_MISMATCH";

/** The evaluator's reasons, and the one that the SDKs add. */
type DecidedBy = Reason | "stale";

const REASONS: Record<DecidedBy, OpenFeatureReason> = {
  "flag-not-found": "ERROR",
  "type-mismatch": "ERROR",
  killed: "DISABLED",
  off: "DISABLED",
  "prerequisite-failed": "DISABLED",
  target: "TARGETING_MATCH",
  rule: "TARGETING_MATCH",
  fallthrough: "DEFAULT",
  "unit-missing": "DEFAULT",
  unsupported: "DEFAULT",
  stale: "STALE",
};

const ERROR_CODES: Partial<Record<DecidedBy, OpenFeatureErrorCode>> = {
  "flag-not-found": "FLAG_NOT_FOUND",
  "type-mismatch": "TYPE_MISMATCH",
};

/** How OpenFeature names a decision; `isStatic` says that no context can change the flag's answer. */
export function openFeatureReason(
  { reason, split }: { reason: DecidedBy; split?: boolean | undefined },
  isStatic: boolean,
): OpenFeatureReason {
  if (split === true) return "SPLIT";
  return reason === "fallthrough" && isStatic ? "STATIC" : REASONS[reason];
}

/** `undefined` for every decision that has a value. */
export function openFeatureErrorCode(reason: DecidedBy): OpenFeatureErrorCode | undefined {
  return ERROR_CODES[reason];
}
