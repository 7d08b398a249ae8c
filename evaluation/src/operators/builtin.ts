import type { JsonValue } from "../model.ts";
import { parseInstant } from "./instant.ts";
import { foldCase, wellFormed } from "./text.ts";
import { compareVersion, parseVersion, type Version } from "./version.ts";

/** A test made ready: `code` says how, against `operand`. */
export interface Matcher {
  readonly code: number;
  readonly operand: unknown;
}

interface Comparison<T> {
  /** Which signs of the comparison hold. */
  relation: number;
  to: T;
}

const ONE_OF = 0;
const STARTS_WITH = 1;
const ENDS_WITH = 2;
const CONTAINS = 3;
const NUMBER = 4;
const INSTANT = 5;
const VERSION = 6;
/** The operand is a predicate. */
export const CUSTOM = 7;

const LESS = 1;
const EQUAL = 2;
const GREATER = 4;

type Prepare = (values: readonly JsonValue[], relation: number) => unknown;

const prepareSet =
  (...types: string[]): Prepare =>
  (values) =>
    values.every((value) => types.includes(typeof value)) ? new Set(values) : undefined;

const prepareText: Prepare = (values) =>
  values.every((value) => typeof value === "string") ? values : undefined;

const prepareOne =
  (parse: (value: JsonValue) => unknown): Prepare =>
  (values, relation) => {
    const to = values.length === 1 ? parse(values[0] as JsonValue) : undefined;
    return to === undefined ? undefined : { relation, to };
  };

const prepareNumber = prepareOne((value) => (typeof value === "number" ? value : undefined));
const prepareVersion = prepareOne((value) => (typeof value === "string" ? parseVersion(value) : undefined));
const prepareInstant = prepareOne((value) => {
  const instant = parseInstant(value);
  return Number.isNaN(instant) ? undefined : instant;
});

const TABLE = new Map<string, [code: number, prepare: Prepare, relation: number]>([
  ["in", [ONE_OF, prepareSet("string", "number"), 0]],
  ["equals", [ONE_OF, prepareSet("number", "boolean"), 0]],
  ["startsWith", [STARTS_WITH, prepareText, 0]],
  ["endsWith", [ENDS_WITH, prepareText, 0]],
  ["contains", [CONTAINS, prepareText, 0]],
  ["lessThan", [NUMBER, prepareNumber, LESS]],
  ["lessThanOrEqual", [NUMBER, prepareNumber, LESS | EQUAL]],
  ["greaterThan", [NUMBER, prepareNumber, GREATER]],
  ["greaterThanOrEqual", [NUMBER, prepareNumber, GREATER | EQUAL]],
  ["before", [INSTANT, prepareInstant, LESS]],
  ["after", [INSTANT, prepareInstant, GREATER]],
  ["semverEqual", [VERSION, prepareVersion, EQUAL]],
  ["semverLessThan", [VERSION, prepareVersion, LESS]],
  ["semverLessThanOrEqual", [VERSION, prepareVersion, LESS | EQUAL]],
  ["semverGreaterThan", [VERSION, prepareVersion, GREATER]],
  ["semverGreaterThanOrEqual", [VERSION, prepareVersion, GREATER | EQUAL]],
]);

/** Makes a built-in operator ready: nothing where there is no such operator, `undefined` operand where the values do not fit. */
export function builtin(
  name: string,
  values: readonly JsonValue[],
  ignoreCase: boolean,
): Matcher | undefined {
  const entry = TABLE.get(name);
  if (entry === undefined) return undefined;
  const [code, prepare, relation] = entry;
  const fold = (text: string) => (ignoreCase ? foldCase(text) : text);
  const operand = prepare(
    values.map((value) => (typeof value === "string" ? fold(value) : value)),
    relation,
  );
  const matcher = { code, operand };
  // Ill-formed text can only be told apart from U+FFFD by a literal that holds one.
  const plain = !ignoreCase && !values.some((value) => typeof value === "string" && value.includes("\ufffd"));
  if (plain || operand === undefined || code > CONTAINS) return matcher;
  const test = (value: unknown) =>
    matches(matcher, typeof value === "string" ? fold(wellFormed(value)) : value);
  return { code: CUSTOM, operand: test };
}

/** Whether one present value, not a list, passes. */
export function matches({ code, operand }: Matcher, value: unknown): boolean {
  switch (code) {
    case ONE_OF:
      return (operand as Set<unknown>).has(value);
    case STARTS_WITH:
    case ENDS_WITH:
    case CONTAINS:
      return typeof value === "string" && matchesText(code, operand as string[], value);
    case NUMBER:
      return typeof value === "number" && relates(operand as Comparison<number>, value);
    case INSTANT:
      return relates(operand as Comparison<number>, parseInstant(value));
    case VERSION: {
      if (typeof value !== "string") return false;
      const { relation, to } = operand as Comparison<Version>;
      return holds(relation, compareVersion(value, to), 0);
    }
    default:
      return (operand as (value: unknown) => boolean)(value);
  }
}

function matchesText(code: number, literals: string[], value: string): boolean {
  for (const literal of literals) {
    if (
      code === STARTS_WITH
        ? value.startsWith(literal)
        : code === ENDS_WITH
          ? value.endsWith(literal)
          : value.includes(literal)
    )
      return true;
  }
  return false;
}

function relates({ relation, to }: Comparison<number>, value: number): boolean {
  return holds(relation, value, to);
}

function holds(relation: number, a: number, b: number): boolean {
  return (relation & (a < b ? LESS : a > b ? GREATER : a === b ? EQUAL : 0)) !== 0;
}
