import type { GivenJson } from "./given.ts";
import type { ValueType } from "./reads.ts";

/** The project's flags by key, each with its type. `lanyard types` fills it in; until then any key will do. */
export interface Flags {}

/** The keys of the flags of a type. */
export type FlagKey<Type extends ValueType> = keyof Flags extends never ? string : KeyOfType<Flags, Type>;

type KeyOfType<Known, Type> = {
  [Key in keyof Known]: Known[Key] extends Type ? Key : never;
}[keyof Known] &
  string;

/** The type of the flags that a value can be a default of. */
export type TypeOfValue<Value> = Value extends boolean
  ? "boolean"
  : Value extends string
    ? "string"
    : Value extends number
      ? "number"
      : "json";

/** Values by flag: any, until the flags are known. */
export type FlagValues = keyof Flags extends never ? Record<string, GivenJson> : ValuesOf<Flags>;

type ValuesOf<Known> = { [Key in keyof Known]?: ValueByType[Known[Key] & ValueType] };

interface ValueByType {
  boolean: boolean;
  string: string;
  number: number;
  json: GivenJson;
}
