import type { Context } from "@lanyard/evaluation";

/** OpenFeature's context as the evaluator reads it: a date is its text, and one that is no date is absent. */
export function contextOf(given: object = {}): Context {
  return plain(given) as Context;
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
