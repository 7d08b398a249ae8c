import type { Context, Evaluator, JsonValue } from "@lanyard/evaluation";
import type { Client } from "./client.ts";
import { Lifecycle, type LifecycleOptions } from "./lifecycle.ts";
import { type Details, frozen, type Hook, typeOf, type ValueType } from "./reads.ts";

export interface ClientOptions extends LifecycleOptions {
  hooks?: readonly Hook[] | undefined;
}

/** Reads over the rules in memory. One function deep and without allocation, since they are called everywhere. */
export class LocalClient extends Lifecycle implements Client {
  readonly #evaluator: Evaluator;
  readonly #hooks: readonly Hook[];

  constructor(options: ClientOptions) {
    super(options);
    this.#evaluator = this.store.evaluator;
    this.#hooks = options.hooks ?? [];
  }

  boolean(key: string, context: Context, fallback: boolean): boolean {
    if (this.#hooks.length > 0) return this.#details("boolean", key, context, fallback).value;
    const decision = this.#evaluator.evaluate(key, context);
    const { value } = decision;
    if (typeof value !== "boolean") return this.#fallBack(key, value, fallback);
    this.#evaluator.count(decision);
    return value;
  }

  string(key: string, context: Context, fallback: string): string {
    if (this.#hooks.length > 0) return this.#details("string", key, context, fallback).value;
    const decision = this.#evaluator.evaluate(key, context);
    const { value } = decision;
    if (typeof value !== "string") return this.#fallBack(key, value, fallback);
    this.#evaluator.count(decision);
    return value;
  }

  number(key: string, context: Context, fallback: number): number {
    if (this.#hooks.length > 0) return this.#details("number", key, context, fallback).value;
    const decision = this.#evaluator.evaluate(key, context);
    const { value } = decision;
    if (typeof value !== "number") return this.#fallBack(key, value, fallback);
    this.#evaluator.count(decision);
    return value;
  }

  json<Value extends JsonValue>(key: string, context: Context, fallback: Value): Value {
    return this.#details("json", key, context, fallback).value;
  }

  details(key: string, context: Context, fallback: boolean): Details<boolean>;
  details(key: string, context: Context, fallback: string): Details<string>;
  details(key: string, context: Context, fallback: number): Details<number>;
  details<Value extends JsonValue>(key: string, context: Context, fallback: Value): Details<Value>;
  details<Value extends JsonValue>(key: string, context: Context, fallback: Value): Details<Value> {
    return this.#details(typeOf(fallback), key, context, fallback);
  }

  #details<Value extends JsonValue>(
    type: ValueType,
    key: string,
    given: Context,
    fallback: Value,
  ): Details<Value> {
    const context = this.#before(key, given);
    const decision = this.#evaluator.evaluate(key, context);
    const { value } = decision;
    const fits = type === "json" ? this.#evaluator.flag(key)?.type === "json" : typeof value === type;
    const status = {
      revision: this.#evaluator.ruleset.revision,
      source: this.store.source,
      ageMs: this.staleness.ageMs(),
    };
    let details: Details<Value>;
    if (fits && value !== undefined) {
      this.#evaluator.count(decision);
      const { variation, ruleId, prerequisite, split } = decision;
      const reason = decision.reason === "killed" && this.store.isExpired(key) ? "stale" : decision.reason;
      // The caller's word for what the flag holds, where it is JSON.
      details = { value: frozen(value) as Value, variation, reason, ...status };
      if (ruleId !== undefined) details.ruleId = ruleId;
      if (prerequisite !== undefined) details.prerequisite = prerequisite;
      if (split !== undefined) details.split = split;
    } else {
      this.#fallBack(key, value, fallback);
      const reason = value === undefined ? "flag-not-found" : "type-mismatch";
      details = { value: fallback, variation: undefined, reason, ...status };
    }
    this.#after(key, context, details);
    return details;
  }

  #before(key: string, given: Context): Context {
    let context = given;
    for (const hook of this.#hooks) {
      try {
        context = hook.before?.(key, context) ?? context;
      } catch {
        // A hook observes; the decision goes on without it.
      }
    }
    return context;
  }

  #after(key: string, context: Context, details: Details<JsonValue>): void {
    for (const hook of this.#hooks) {
      try {
        hook.after?.(key, context, details);
      } catch {
        // As in `#before`.
      }
    }
  }

  #fallBack<Value>(key: string, found: JsonValue | undefined, fallback: Value): Value {
    this.#evaluator.countDefault(key, found === undefined ? "flag-not-found" : "type-mismatch");
    return fallback;
  }
}
