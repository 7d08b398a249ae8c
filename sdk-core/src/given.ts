import type { Context, JsonValue } from "@lanyard/evaluation";

/** An object by its attributes, of any class or interface: no function, promise, date or map. */
type Plain = object & {
  [Symbol.hasInstance]?: never;
  [Symbol.toPrimitive]?: never;
  [Symbol.toStringTag]?: never;
};

/**
 * A context as applications have one: a literal, or a value of an interface of their own, which has no index signature
 * and so is no `Context` to the compiler.
 */
export type GivenContext =
  | Context
  | (Plain & { targetingKey?: string | number | undefined; [Symbol.iterator]?: never });

/** JSON as applications have it: a literal, or a value of an interface of their own, whose members are their word. */
export type GivenJson = JsonValue | Plain;
