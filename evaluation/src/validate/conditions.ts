import type { AttributeTest, Condition, JsonValue } from "../model.ts";
import { builtin, isBuiltin } from "../operators/builtin.ts";
import type { Extensions } from "../operators/modules.ts";
import { type Faults, LIMITS } from "./fault.ts";
import { eachCondition } from "./references.ts";

/** What a definition is validated against. */
export interface Known {
  extensions: Extensions;
  hasSegment(key: string): boolean;
}

/** Checks a condition and everything inside it, and counts its parts. */
export function checkCondition(root: Condition, path: string, known: Known, faults: Faults): number {
  let count = 0;
  let deep = false;
  eachCondition(root, path, (condition, at, depth) => {
    count++;
    deep ||= depth > LIMITS.depth;
    if ("all" in condition && condition.all.length === 0) {
      faults.add(
        `${at}/all`,
        "empty",
        "This holds for everybody: leave the rule out and change what follows it.",
      );
    }
    if ("segment" in condition && !known.hasSegment(condition.segment)) {
      faults.add(`${at}/segment`, "unknown-reference", `There is no segment "${condition.segment}".`);
    }
    if ("bucket" in condition) {
      checkBucketing(condition.bucket, `${at}/bucket`, known, faults);
      const { below } = condition.bucket;
      if (!Number.isInteger(below) || below < 0 || below > 100_000) {
        faults.add(`${at}/bucket/below`, "weights", "A whole number from 0 to 100000 is needed.");
      }
    }
    if ("attribute" in condition) checkTest(condition, at, known, faults);
  });
  if (deep) faults.add(path, "too-deep", `Conditions may nest ${LIMITS.depth} deep.`);
  return count;
}

/** Checks that what several conditions ask of an operator is not too much together, where it passes one by one. */
export function checkTogether(
  roots: readonly Condition[],
  path: string,
  { extensions }: Known,
  faults: Faults,
): void {
  const tests: AttributeTest[] = [];
  for (const root of roots) {
    eachCondition(root, path, (condition) => {
      if ("attribute" in condition) tests.push(condition);
    });
  }
  for (const { name, compile } of extensions.operators ?? []) {
    const lists = tests.filter(({ operator }) => operator === name).map(({ values = [] }) => values);
    const passes = (values: JsonValue[]) => typeof compile(values, false) !== "string";
    const together = compile(lists.flat(), false);
    if (typeof together === "string" && lists.every(passes)) {
      faults.add(path, "too-large", `All conditions with "${name}" together: ${together}`);
    }
  }
}

/** Checks what a split or a bucket condition hashes, and how. */
export function checkBucketing(
  { unit, seed, algorithm }: { unit: string; seed?: string; algorithm?: string },
  path: string,
  known: Known,
  faults: Faults,
): void {
  if (unit === "") faults.add(`${path}/unit`, "empty", "The attribute to split by is missing.");
  if (seed === "") faults.add(`${path}/seed`, "empty", "A seed cannot be empty.");
  const algorithms = known.extensions.algorithms ?? [];
  if (algorithm !== undefined && !algorithms.some(({ name }) => name === algorithm)) {
    faults.add(`${path}/algorithm`, "unknown-algorithm", `There is no algorithm "${algorithm}".`);
  }
}

function checkTest(test: AttributeTest, path: string, known: Known, faults: Faults): void {
  const { attribute, operator, values = [], ignoreCase = false } = test;
  if (attribute === "") faults.add(`${path}/attribute`, "empty", "The attribute is missing.");
  faults.limit(`${path}/values`, values.length, LIMITS.conditionValues, "values in a condition");
  if (operator === "exists") {
    if (values.length > 0) faults.add(`${path}/values`, "invalid-values", "This operator takes no values.");
    return;
  }
  const module = known.extensions.operators?.find(({ name }) => name === operator);
  if (module !== undefined) {
    const compiled = module.compile(values, ignoreCase);
    if (typeof compiled === "string") faults.add(`${path}/values`, "invalid-values", compiled);
    return;
  }
  if (isBuiltin(operator)) checkValues(operator, values, path, faults);
  else faults.add(`${path}/operator`, "unknown-operator", `There is no operator "${operator}".`);
}

/** The operators that compare with any of several values; the others compare with one. */
const ANY_OF: ReadonlySet<string> = new Set(["in", "equals", "startsWith", "endsWith", "contains"]);

function checkValues(
  operator: string,
  values: NonNullable<AttributeTest["values"]>,
  path: string,
  faults: Faults,
): void {
  if (!ANY_OF.has(operator) && values.length !== 1) {
    faults.add(`${path}/values`, "invalid-values", `"${operator}" compares with exactly one value.`);
  }
  values.forEach((value, i) => {
    if (builtin(operator, [value]) !== undefined) return;
    faults.add(`${path}/values/${i}`, "invalid-values", `"${operator}" cannot compare with this value.`);
  });
}
