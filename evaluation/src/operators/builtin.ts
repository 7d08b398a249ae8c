import type { JsonValue } from "../model.ts";
import { instantOf } from "./instant.ts";
import { foldCase, wellFormed } from "./text.ts";
import { versionRank } from "./version.ts";

/** Whether a value that is no list passes, or one in a list, with its place there; an absent one passes nothing. */
export type Test = (value: unknown, literal: never, place?: number) => boolean;

/** One test, of which some must hold, and what it compares with. */
export type Matcher = [test: Test, literal: unknown];

/** What a value is compared by, or `undefined` where it cannot be compared: that is neither below nor above anything. */
type Rank = (value: unknown) => unknown;
type Operator = [test: Test, rank: Rank];

const ofType =
  (...types: string[]): Rank =>
  (value) =>
    types.includes(typeof value) ? value : undefined;
const text = ofType("string");
const number = ofType("number");

// Ranks are numbers or texts, which are compared in the same way.
const less = (rank: Rank): Operator => [(value, literal: number) => (rank(value) as number) < literal, rank];
const atMost = (rank: Rank): Operator => [
  (value, literal: number) => (rank(value) as number) <= literal,
  rank,
];
const more = (rank: Rank): Operator => [(value, literal: number) => (rank(value) as number) > literal, rank];
const atLeast = (rank: Rank): Operator => [
  (value, literal: number) => (rank(value) as number) >= literal,
  rank,
];

const OPERATORS = new Map<string, Operator>(
  Object.entries({
    in: [isSame, ofType("string", "number")],
    equals: [isSame, ofType("number", "boolean")],
    startsWith: [(value, prefix: string) => typeof value === "string" && value.startsWith(prefix), text],
    endsWith: [(value, suffix: string) => typeof value === "string" && value.endsWith(suffix), text],
    contains: [(value, part: string) => typeof value === "string" && value.includes(part), text],
    lessThan: less(number),
    lessThanOrEqual: atMost(number),
    greaterThan: more(number),
    greaterThanOrEqual: atLeast(number),
    before: less(instantOf),
    after: more(instantOf),
    semverEqual: [(value, literal) => versionRank(value) === literal, versionRank],
    semverLessThan: less(versionRank),
    semverLessThanOrEqual: atMost(versionRank),
    semverGreaterThan: more(versionRank),
    semverGreaterThanOrEqual: atLeast(versionRank),
  } satisfies Record<string, Operator>),
);

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
  const [test, rank] = OPERATORS.get(name) ?? [];
  if (test === undefined || rank === undefined) return undefined;
  const fold = (value: unknown) => (ignoreCase && typeof value === "string" ? foldCase(value) : value);
  const literals = values.map((value) => fold(rank(value)));
  if (literals.includes(undefined)) return undefined;
  const matchers: Matcher[] =
    test === isSame && literals.length > 1
      ? [[isOneOf, new Set(literals)]]
      : literals.map((literal) => [test, literal]);
  // Only a literal that holds U+FFFD can tell it from the ill-formed text of a context.
  if (!ignoreCase && !literals.join().includes("\ufffd")) return matchers;
  const tolerant: Test = (value) => {
    const seen = typeof value === "string" ? fold(wellFormed(value)) : value;
    return matchers.some(([test, literal]) => test(seen, literal as never));
  };
  return [[tolerant, undefined]];
}

function isOneOf(value: unknown, literals: ReadonlySet<unknown>): boolean {
  return literals.has(value);
}

function isSame(value: unknown, literal: unknown): boolean {
  return value === literal;
}
