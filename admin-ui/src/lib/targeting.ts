import type { FlagDetail } from "@lanyard/contract";
import type { JsonValue, Prerequisite, Rule, Serve, StalePolicy, Target } from "@lanyard/evaluation";

/** What one flag does in one environment; the part that is edited. */
export interface Targeting {
  on: boolean;
  prerequisites: Prerequisite[];
  targets: Target[];
  rules: Rule[];
  fallthrough: Serve;
  stale?: StalePolicy;
}

export interface Variation {
  id: string;
  value: JsonValue;
}

/** JSON holds no `undefined`, so what the contract allows to be undefined is absent. */
export function targetingOf(state: FlagDetail["environments"][string]): Targeting {
  return state.targeting as Targeting;
}

export function isTargeting(value: unknown): value is Targeting {
  return (
    typeof value === "object" &&
    value !== null &&
    "rules" in value &&
    Array.isArray(value.rules) &&
    "fallthrough" in value &&
    "on" in value
  );
}

/** Equal as JSON, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
