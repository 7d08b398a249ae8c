import type { Context, Decision, JsonValue, Reason } from "@lanyard/evaluation";
import type { GivenContext } from "./given.ts";
import type { Source, Store } from "./store.ts";
import type { Usage } from "./usage.ts";

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
  // biome-ignore lint/suspicious/noConfusingVoidType: most hooks only look, and return nothing.
  before?(key: string, context: Context): GivenContext | undefined | void;
  after?(key: string, context: Context, details: Details<JsonValue>): void;
}

/** Reads a value of one type: one function deep and without allocation, since it is called everywhere. */
export type Reader = (key: string, context: Context, fallback: JsonValue) => JsonValue;

export interface Reads extends Record<ValueType, Reader> {
  /** The value with all that explains it; of the type of the default unless another is named. */
  details(key: string, context: Context, fallback: JsonValue, type?: ValueType): Details<JsonValue>;
}

/** The type of a caller's default: what `details` reads by. */
export function typeOf(value: unknown): ValueType {
  return typeof value === "object" ? "json" : (typeof value as ValueType);
}

export function createReads(
  store: Store,
  { count, countDefault }: Usage,
  hooks: readonly Hook[],
  ageMs: () => number,
): Reads {
  const { evaluator } = store;
  // Taken out once, as what counts is: each look for them at a read costs as much as a comparison.
  const { evaluate } = evaluator;

  /** Counts the decision, or the default in its place. */
  function counted(key: string, decision: Decision, fits: boolean): boolean {
    if (fits) count(key, decision);
    else countDefault(key, missing(decision));
    return fits;
  }

  function details(
    key: string,
    given: Context,
    fallback: JsonValue,
    type = typeOf(fallback),
  ): Details<JsonValue> {
    let context = given;
    each(hooks, (hook) => {
      context = (hook.before?.(key, context) as Context | undefined) ?? context;
    });
    const decision = evaluate(key, context);
    const { value } = decision;
    const fits = type === "json" ? evaluator.flag(key)?.type === type : typeof value === type;
    const isStale = decision.reason === "killed" && store.isExpired(key);
    const answer = {
      variation: undefined,
      ...(counted(key, decision, fits)
        ? { ...decision, value: frozen(value), ...(isStale && { reason: "stale" }) }
        : { value: fallback, reason: missing(decision) }),
      revision: evaluator.ruleset.revision,
      source: store.source,
      ageMs: ageMs(),
    } as Details<JsonValue>;
    each(hooks, (hook) => hook.after?.(key, context, answer));
    return answer;
  }

  const of = (type: ValueType): Reader =>
    type === "json" || hooks.length > 0
      ? (key, context, fallback) => details(key, context, fallback, type).value
      : (key, context, fallback) => {
          const decision = evaluate(key, context);
          const { value } = decision;
          // An engine need not make a text of a type that is compared with one written here.
          const fits = type === "boolean" ? typeof value === "boolean" : typeof value === type;
          return counted(key, decision, fits) ? (value as JsonValue) : fallback;
        };

  return { boolean: of("boolean"), string: of("string"), number: of("number"), json: of("json"), details };
}

const missing = ({ value }: Decision): Reason => (value === undefined ? "flag-not-found" : "type-mismatch");

/** A hook observes: the decision goes on without one that throws. */
function each(hooks: readonly Hook[], use: (hook: Hook) => unknown): void {
  for (const hook of hooks) {
    try {
      // A rejection that nobody hears would end a process.
      Promise.resolve(use(hook)).catch(() => {});
    } catch {
      // The application's fault, and not the reader's.
    }
  }
}

/** Values are shared by all who read them, so that one caller's change would be everybody's. */
function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && !Object.isFrozen(value)) {
    Object.values(Object.freeze(value) as object).forEach(frozen);
  }
  return value;
}
