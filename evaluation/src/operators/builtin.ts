import type { JsonValue } from "../model.ts";
import { parseInstant } from "./instant.ts";
import { foldCase, wellFormed } from "./text.ts";
import { compareVersions, readVersion, type Version } from "./version.ts";

/** What the literals of an operator are compared with, and how; see `matches`. */
export interface Matcher {
  readonly code: number;
  readonly operand: Operand;
}

type Operand = ReadonlySet<unknown> | ((value: unknown) => boolean) | Literals;

interface Literals {
  readonly literals: readonly unknown[];
  /** Which outcomes of a comparison hold. */
  readonly relation: number;
}

// Up to 5, the codes are those of the other kinds of step.
const ONE_OF = 10;
const STARTS_WITH = 11;
const ENDS_WITH = 12;
const CONTAINS = 13;
const NUMBER = 14;
const INSTANT = 15;
const VERSION = 16;
/** The operand is a predicate. */
export const CUSTOM = 17;

const LESS = 1;
const EQUAL = 2;
const GREATER = 4;

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
  const version = emptyVersion();
  return typeof value === "string" && readVersion(value, version) ? version : undefined;
};

const TABLE = new Map<string, [code: number, parse: Parse, relation?: number]>([
  ["in", [ONE_OF, parseType("string", "number")]],
  ["equals", [ONE_OF, parseType("number", "boolean")]],
  ["startsWith", [STARTS_WITH, parseText]],
  ["endsWith", [ENDS_WITH, parseText]],
  ["contains", [CONTAINS, parseText]],
  ["lessThan", [NUMBER, parseNumber, LESS]],
  ["lessThanOrEqual", [NUMBER, parseNumber, LESS | EQUAL]],
  ["greaterThan", [NUMBER, parseNumber, GREATER]],
  ["greaterThanOrEqual", [NUMBER, parseNumber, GREATER | EQUAL]],
  ["before", [INSTANT, parseTime, LESS]],
  ["after", [INSTANT, parseTime, GREATER]],
  ["semverEqual", [VERSION, parseVersion, EQUAL]],
  ["semverLessThan", [VERSION, parseVersion, LESS]],
  ["semverLessThanOrEqual", [VERSION, parseVersion, LESS | EQUAL]],
  ["semverGreaterThan", [VERSION, parseVersion, GREATER]],
  ["semverGreaterThanOrEqual", [VERSION, parseVersion, GREATER | EQUAL]],
]);

/** Whether an operator is always carried. */
export function isBuiltin(name: string): boolean {
  return TABLE.has(name);
}

/** Makes a built-in operator ready, or `undefined` where there is none of that name or it cannot compare with a value. */
export function builtin(name: string, values: readonly JsonValue[], ignoreCase = false): Matcher | undefined {
  const [code, parse, relation = 0] = TABLE.get(name) ?? [CUSTOM, () => undefined];
  const fold = (value: unknown) => (ignoreCase && typeof value === "string" ? foldCase(value) : value);
  const literals = values.map((value) => fold(parse(value)));
  if (code === CUSTOM || literals.includes(undefined)) return undefined;
  const matcher = { code, operand: code === ONE_OF ? new Set(literals) : { literals, relation } };
  // Only a literal that holds U+FFFD can tell it from the ill-formed text of a context.
  if (code > CONTAINS || !(ignoreCase || literals.some((literal) => String(literal).includes("\ufffd"))))
    return matcher;
  return {
    code: CUSTOM,
    operand: (value) => matches(matcher, typeof value === "string" ? fold(wellFormed(value)) : value),
  };
}

/** Whether one value, not a list, passes. */
export function matches({ code, operand }: Matcher, value: unknown): boolean {
  if (code === ONE_OF) return (operand as ReadonlySet<unknown>).has(value);
  if (code === CUSTOM) return (operand as (value: unknown) => boolean)(value);
  const { literals, relation } = operand as Literals;
  for (const literal of literals) {
    if (passes(code, relation, value, literal)) return true;
  }
  return false;
}

function passes(code: number, relation: number, value: unknown, literal: unknown): boolean {
  if (code === NUMBER) return typeof value === "number" && relates(relation, value - (literal as number));
  if (code === INSTANT) return relates(relation, parseInstant(value) - (literal as number));
  if (typeof value !== "string") return false;
  switch (code) {
    case STARTS_WITH:
      return value.startsWith(literal as string);
    case ENDS_WITH:
      return value.endsWith(literal as string);
    case CONTAINS:
      return value.includes(literal as string);
    default:
      return readVersion(value, scratch) && relates(relation, compareVersions(scratch, literal as Version));
  }
}

function relates(relation: number, difference: number): boolean {
  return (relation & (difference < 0 ? LESS : difference > 0 ? GREATER : difference === 0 ? EQUAL : 0)) !== 0;
}

const emptyVersion = (): Version => ({ numbers: [0, 0, 0], pre: "" });
/** What a context's version is read into, to allocate nothing. */
const scratch = emptyVersion();
