import type { Context, JsonValue } from "@lanyard/evaluation";
import type { ClientLife, Details, FlagKey, GivenContext, GivenJson } from "@lanyard/sdk-core";

/**
 * Reads are synchronous, from memory, and never throw. They decide for the identified context, or for one that is given
 * in its place. Every read is counted.
 */
export interface Client extends Omit<ClientLife, "track"> {
  /** The context that reads decide for. */
  readonly context: Context;
  /**
   * Decides for another context from now on; nothing travels. Without a `targetingKey` it is the anonymous visitor.
   * What was stored for another identity is removed. Tells `change` the keys that answer otherwise.
   */
  identify(context: GivenContext): void;
  /**
   * Counts that the metric happened, and sums its value. Sent with the next flush; a value that is no finite number is
   * left out.
   */
  track(metric: string, options?: { value?: number | undefined }): void;
  /** Whether the flag answers everybody alike, until `change` names it. */
  isStatic(key: string): boolean;
  /** What the flag decides; the default when there is no such flag or it is not boolean. */
  boolean(key: FlagKey<"boolean">, fallback: boolean): boolean;
  boolean(key: FlagKey<"boolean">, context: GivenContext, fallback: boolean): boolean;
  /** As `boolean`, for strings. */
  string(key: FlagKey<"string">, fallback: string): string;
  string(key: FlagKey<"string">, context: GivenContext, fallback: string): string;
  /** As `boolean`, for numbers. */
  number(key: FlagKey<"number">, fallback: number): number;
  number(key: FlagKey<"number">, context: GivenContext, fallback: number): number;
  /** As `boolean`, for JSON. The value is frozen, since all who read it share it. `Value` is the caller's word. */
  json<List extends readonly unknown[] = JsonValue[]>(key: FlagKey<"json">, fallback: readonly []): List;
  json<List extends readonly unknown[] = JsonValue[]>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: readonly [],
  ): List;
  json<Value extends GivenJson = JsonValue>(key: FlagKey<"json">, fallback: null): Value | null;
  json<Value extends GivenJson = JsonValue>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: null,
  ): Value | null;
  json<Value extends GivenJson>(key: FlagKey<"json">, fallback: Value): Value;
  json<Value extends GivenJson>(key: FlagKey<"json">, context: GivenContext, fallback: Value): Value;
  /** The value with all that explains it, read by the type of the default. */
  details(key: FlagKey<"boolean">, fallback: boolean): Details<boolean>;
  details(key: FlagKey<"boolean">, context: GivenContext, fallback: boolean): Details<boolean>;
  details(key: FlagKey<"string">, fallback: string): Details<string>;
  details(key: FlagKey<"string">, context: GivenContext, fallback: string): Details<string>;
  details(key: FlagKey<"number">, fallback: number): Details<number>;
  details(key: FlagKey<"number">, context: GivenContext, fallback: number): Details<number>;
  details<List extends readonly unknown[] = JsonValue[]>(
    key: FlagKey<"json">,
    fallback: readonly [],
  ): Details<List>;
  details<List extends readonly unknown[] = JsonValue[]>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: readonly [],
  ): Details<List>;
  details<Value extends GivenJson = JsonValue>(key: FlagKey<"json">, fallback: null): Details<Value | null>;
  details<Value extends GivenJson = JsonValue>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: null,
  ): Details<Value | null>;
  details<Value extends GivenJson>(key: FlagKey<"json">, fallback: Value): Details<Value>;
  details<Value extends GivenJson>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: Value,
  ): Details<Value>;
}
