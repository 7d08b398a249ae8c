import type { Context, JsonValue, Reason } from "@lanyard/evaluation";
import type { Source } from "./store.ts";

/** What a read asks for. */
export type ValueType = "boolean" | "string" | "number" | "json";

/** The evaluator's reasons, and one that needs a clock: contact was lost for longer than the flag allows. */
export type DetailsReason = Reason | "stale";

/** A value with all that explains it. */
export interface Details<Value> {
  value: Value;
  /** `undefined` when `value` is the caller's default. */
  variation: string | undefined;
  reason: DetailsReason;
  /** With reason `rule`: which one. */
  ruleId?: string;
  /** With reason `prerequisite-failed`: the flag that failed. */
  prerequisite?: string;
  /** With reasons `rule` and `fallthrough`: whether a split decided. */
  split?: boolean;
  revision: number;
  source: Source;
  /** Milliseconds since a server last confirmed the rules; `Infinity` when none ever did. */
  ageMs: number;
}

/** Runs around every read; what it throws is ignored. A client without hooks pays nothing for them. */
export interface Hook {
  /** May answer with another context to decide by. */
  before?(key: string, context: Context): Context | undefined;
  after?(key: string, context: Context, details: Details<JsonValue>): void;
}

/** The type of a caller's default: what `details` reads by. */
export function typeOf(value: unknown): ValueType {
  const type = typeof value;
  return type === "boolean" || type === "string" || type === "number" ? type : "json";
}

/** Values are shared by all who read them, so that one caller's change would be everybody's. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
