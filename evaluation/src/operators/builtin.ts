import type { JsonValue } from "../model.ts";
import { parseInstant } from "./instant.ts";
import { foldCase, wellFormed } from "./text.ts";
import { compareVersions, parseVersion, readVersion, type Version } from "./version.ts";

/** Whether a value that is no list passes. */
export type Test = (value: unknown, literal: never) => boolean;

/** One test, of which some must hold, and what it compares with. */
export type Matcher = [test: Test, literal: unknown];

/** What a literal becomes, or `undefined` where the operator cannot compare with it. */
type Parse = (value: JsonValue) => unknown;
type Operator = [test: Test, parse: Parse];

const ofType =
  (...types: string[]): Parse =>
  (value) =>
    types.includes(typeof value) ? value : undefined;

const onText = (holds: (text: string, literal: string) => boolean): Operator => [
  (value: unknown, literal: string) => typeof value === "string" && holds(value, literal),
  ofType("string"),
];

/** An operator for each way of comparing; what cannot be compared differs by no number. */
const ordered =
  <Literal>(parse: Parse, differ: (value: unknown, literal: Literal) => number) =>
  (holds: (difference: number) => boolean): Operator => [
    (value: unknown, literal: Literal) => holds(differ(value, literal)),
    parse,
  ];

const onNumbers = ordered(ofType("number"), (value, literal: number) =>
  typeof value === "number" ? value - literal : Number.NaN,
);
const onInstants = ordered(
  (value) => {
    const instant = parseInstant(value);
    return Number.isNaN(instant) ? undefined : instant;
  },
  (value, literal: number) => parseInstant(value) - literal,
);
const onVersions = ordered(parseVersion, (value, literal: Version) =>
  readVersion(value, scratch) ? compareVersions(scratch, literal) : Number.NaN,
);

/** What a context's version is read into, to allocate nothing. */
const scratch: Version = [0, 0, 0, ""];

const less = (difference: number) => difference < 0;
const lessOrEqual = (difference: number) => difference <= 0;
const equal = (difference: number) => difference === 0;
const greater = (difference: number) => difference > 0;
const greaterOrEqual = (difference: number) => difference >= 0;

const OPERATORS = new Map<string, Operator>([
  ["in", [isOneOf, ofType("string", "number")]],
  ["equals", [isOneOf, ofType("number", "boolean")]],
  ["startsWith", onText((text, prefix) => text.startsWith(prefix))],
  ["endsWith", onText((text, suffix) => text.endsWith(suffix))],
  ["contains", onText((text, part) => text.includes(part))],
  ["lessThan", onNumbers(less)],
  ["lessThanOrEqual", onNumbers(lessOrEqual)],
  ["greaterThan", onNumbers(greater)],
  ["greaterThanOrEqual", onNumbers(greaterOrEqual)],
  ["before", onInstants(less)],
  ["after", onInstants(greater)],
  ["semverEqual", onVersions(equal)],
  ["semverLessThan", onVersions(less)],
  ["semverLessThanOrEqual", onVersions(lessOrEqual)],
  ["semverGreaterThan", onVersions(greater)],
  ["semverGreaterThanOrEqual", onVersions(greaterOrEqual)],
]);

/** Whether an operator is always carried. */
export function isBuiltin(name: string): boolean {
  return OPERATORS.has(name);
}

/** The tests of which one must hold, or `undefined` where there is no such operator or it cannot compare with a value. */
export function builtin(
  name: string,
  values: readonly JsonValue[],
  ignoreCase = false,
): Matcher[] | undefined {
  const operator = OPERATORS.get(name);
  if (operator === undefined) return undefined;
  const [test, parse] = operator;
  const fold = (value: unknown) => (ignoreCase && typeof value === "string" ? foldCase(value) : value);
  const literals = values.map((value) => fold(parse(value)));
  if (literals.includes(undefined)) return undefined;
  const matchers: Matcher[] =
    test === isOneOf && literals.length > 1
      ? [[test, new Set(literals)]]
      : literals.map((literal) => [test === isOneOf ? isSame : test, literal]);
  // Only a literal that holds U+FFFD can tell it from the ill-formed text of a context.
  if (!ignoreCase && !literals.some((literal) => String(literal).includes("\ufffd"))) return matchers;
  const tolerant: Test = (value: unknown) => {
    const text = typeof value === "string" ? fold(wellFormed(value)) : value;
    return matchers.some(([test, literal]) => test(text, literal as never));
  };
  return [[tolerant, undefined]];
}

function isOneOf(value: unknown, literals: ReadonlySet<unknown>): boolean {
  return literals.has(value);
}

function isSame(value: unknown, literal: unknown): boolean {
  return value === literal;
}
