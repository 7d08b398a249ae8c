import type { JsonValue } from "../model.ts";
import { parseInstant } from "./instant.ts";
import { foldCase, wellFormed } from "./text.ts";
import { compareVersions, readVersion, Version } from "./version.ts";

/** A value's test made ready: `code` says how it is compared with `operand`. */
export interface Matcher {
  readonly code: number;
  readonly operand: unknown;
}

// The codes of comparisons have the outcomes that hold in their lowest bits. Below 8 are the other kinds of step.
const LESS = 1;
const EQUAL = 2;
const GREATER = 4;
const NUMBER = 8;
const INSTANT = 16;
const VERSION = 24;
/** The operand is a set. */
export const ONE_OF = 32;
export const EQUALS = 33;
const STARTS_WITH = 34;
const ENDS_WITH = 35;
const CONTAINS = 36;
/** The operand is a predicate. */
export const CUSTOM = 37;

/** What a literal becomes, or `undefined` where the operator cannot compare with it. */
type Parse = (value: JsonValue) => unknown;

const parseType =
  (...types: string[]): Parse =>
  (value) =>
    types.includes(typeof value) ? value : undefined;

const parseText = parseType("string");
const parseNumber = parseType("number");
const parseTime: Parse = (value) => {
  const instant = parseInstant(value);
  return Number.isNaN(instant) ? undefined : instant;
};
const parseVersion: Parse = (value) => {
  const version = new Version();
  return typeof value === "string" && readVersion(value, version) ? version : undefined;
};

const TABLE = new Map<string, [code: number, parse: Parse]>([
  ["in", [ONE_OF, parseType("string", "number")]],
  ["equals", [ONE_OF, parseType("number", "boolean")]],
  ["startsWith", [STARTS_WITH, parseText]],
  ["endsWith", [ENDS_WITH, parseText]],
  ["contains", [CONTAINS, parseText]],
  ["lessThan", [NUMBER | LESS, parseNumber]],
  ["lessThanOrEqual", [NUMBER | LESS | EQUAL, parseNumber]],
  ["greaterThan", [NUMBER | GREATER, parseNumber]],
  ["greaterThanOrEqual", [NUMBER | GREATER | EQUAL, parseNumber]],
  ["before", [INSTANT | LESS, parseTime]],
  ["after", [INSTANT | GREATER, parseTime]],
  ["semverEqual", [VERSION | EQUAL, parseVersion]],
  ["semverLessThan", [VERSION | LESS, parseVersion]],
  ["semverLessThanOrEqual", [VERSION | LESS | EQUAL, parseVersion]],
  ["semverGreaterThan", [VERSION | GREATER, parseVersion]],
  ["semverGreaterThanOrEqual", [VERSION | GREATER | EQUAL, parseVersion]],
]);

/** Whether an operator is always carried. */
export function isBuiltin(name: string): boolean {
  return TABLE.has(name);
}

/** The tests of which one must hold, or `undefined` where there is no such operator or it cannot compare with a value. */
export function builtin(
  name: string,
  values: readonly JsonValue[],
  ignoreCase = false,
): Matcher[] | undefined {
  const [code, parse] = TABLE.get(name) ?? [CUSTOM, () => undefined];
  const fold = (value: unknown) => (ignoreCase && typeof value === "string" ? foldCase(value) : value);
  const literals = values.map((value) => fold(parse(value)));
  if (code === CUSTOM || literals.includes(undefined)) return undefined;
  const matchers =
    code === ONE_OF && literals.length > 1
      ? [{ code, operand: new Set(literals) }]
      : literals.map((operand) => ({ code: code === ONE_OF ? EQUALS : code, operand }));
  // Only a literal that holds U+FFFD can tell it from the ill-formed text of a context.
  if (code < ONE_OF || !(ignoreCase || literals.some((literal) => String(literal).includes("\ufffd"))))
    return matchers;
  const test = (value: unknown) => {
    const text = typeof value === "string" ? fold(wellFormed(value)) : value;
    return matchers.some((matcher) => matches(matcher, text));
  };
  return [{ code: CUSTOM, operand: test }];
}

/** Whether one value, not a list, passes. */
export function matches({ code, operand }: Matcher, value: unknown): boolean {
  switch (code) {
    case ONE_OF:
      return (operand as ReadonlySet<unknown>).has(value);
    case EQUALS:
      return operand === value;
    case STARTS_WITH:
      return typeof value === "string" && value.startsWith(operand as string);
    case ENDS_WITH:
      return typeof value === "string" && value.endsWith(operand as string);
    case CONTAINS:
      return typeof value === "string" && value.includes(operand as string);
    case CUSTOM:
      return (operand as (value: unknown) => boolean)(value);
    default:
      return compares(code, operand, value);
  }
}

function compares(code: number, operand: unknown, value: unknown): boolean {
  let difference = Number.NaN;
  if (code >= VERSION) {
    if (typeof value === "string" && readVersion(value, scratch)) {
      difference = compareVersions(scratch, operand as Version);
    }
  } else if (code >= INSTANT || typeof value === "number") {
    difference = parseInstant(value) - (operand as number);
  }
  return (code & (difference < 0 ? LESS : difference > 0 ? GREATER : difference === 0 ? EQUAL : 0)) !== 0;
}

/** What a context's version is read into, to allocate nothing. */
const scratch = new Version();
