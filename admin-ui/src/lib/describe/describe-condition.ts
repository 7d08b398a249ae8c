import type { AttributeTest, Condition, JsonValue, Serve } from "@lanyard/evaluation";
import { formatPercent } from "../weights.ts";

/** How an operator reads between an attribute and its values; `plain` after "not". */
const VERBS: Record<string, string> = {
  in: "is",
  startsWith: "starts with",
  endsWith: "ends with",
  contains: "contains",
  matches: "matches",
  equals: "equals",
  lessThan: "is less than",
  lessThanOrEqual: "is at most",
  greaterThan: "is more than",
  greaterThanOrEqual: "is at least",
  before: "is before",
  after: "is after",
  semverEqual: "is version",
  semverLessThan: "is a version before",
  semverLessThanOrEqual: "is a version up to",
  semverGreaterThan: "is a version after",
  semverGreaterThanOrEqual: "is a version from",
  inCidr: "is in network",
  exists: "is present",
};

export const operatorWords = (operator: string): string => VERBS[operator] ?? operator;

export function valueWords(value: JsonValue): string {
  if (typeof value === "string") return `“${value}”`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function listWords(values: JsonValue[], joiner: string): string {
  const shown = values.slice(0, 4).map(valueWords);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(", ")} ${joiner} ${more} more`;
  const last = shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} ${joiner} ${last}` : (last ?? "nothing");
}

function testWords(test: AttributeTest): string {
  const verb = operatorWords(test.operator);
  if (test.operator === "exists") return `${test.attribute} ${verb}`;
  const many = (test.values?.length ?? 0) > 1 && test.operator === "in";
  const words = `${test.attribute} ${many ? "is one of" : verb} ${listWords(test.values ?? [], "or")}`;
  return test.ignoreCase ? `${words} (any case)` : words;
}

/** A condition as a sentence part: `country is “NO” and not (plan is “free”)`. */
export function conditionWords(condition: Condition): string {
  if ("all" in condition) return joined(condition.all, "and", "everyone");
  if ("any" in condition) return joined(condition.any, "or", "nobody");
  if ("not" in condition) return `not (${conditionWords(condition.not)})`;
  if ("segment" in condition) return `in segment ${condition.segment}`;
  if ("bucket" in condition)
    return `in the first ${formatPercent(condition.bucket.below)} by ${condition.bucket.unit}`;
  if ("attribute" in condition) return testWords(condition);
  return JSON.stringify(condition);
}

function joined(conditions: Condition[], word: "and" | "or", empty: string): string {
  if (conditions.length === 0) return empty;
  return conditions
    .map((inner) => {
      const nested = ("all" in inner && inner.all.length > 1) || ("any" in inner && inner.any.length > 1);
      return nested && conditions.length > 1 ? `(${conditionWords(inner)})` : conditionWords(inner);
    })
    .join(` ${word} `);
}

/** `on`, or `25 % on, 75 % off by targetingKey`. */
export function serveWords(serve: Serve): string {
  if ("variation" in serve) return serve.variation;
  const { unit, weights } = serve.split;
  const parts = weights.map((entry) => `${formatPercent(entry.weight)} ${entry.variation}`).join(", ");
  return unit === "targetingKey" ? parts : `${parts} by ${unit}`;
}
