import type { ValueType } from "./reads.ts";

/** The project's flags by key, each with its type. `lanyard types` fills it in; until then any key will do. */
export interface Flags {}

/** The keys of the flags of a type. */
export type FlagKey<Type extends ValueType> = keyof Flags extends never ? string : KeyOfType<Flags, Type>;

type KeyOfType<Known, Type> = {
  [Key in keyof Known]: Known[Key] extends Type ? Key : never;
}[keyof Known] &
  string;
