import type { Condition } from "@lanyard/evaluation";

export type ConditionKind = "all" | "any" | "not" | "segment" | "test" | "other";

const only = (condition: object, ...names: string[]): boolean =>
  Object.keys(condition).every((name) => names.includes(name));

/** What the builder can show of a condition; `other` is shown, and edited, as JSON, so that nothing is lost. */
export function kindOf(condition: Condition): ConditionKind {
  if ("all" in condition) return only(condition, "all") ? "all" : "other";
  if ("any" in condition) return only(condition, "any") ? "any" : "other";
  if ("not" in condition) return only(condition, "not") ? "not" : "other";
  if ("segment" in condition) return only(condition, "segment") ? "segment" : "other";
  if ("attribute" in condition && "operator" in condition) {
    return only(condition, "attribute", "operator", "values", "ignoreCase") ? "test" : "other";
  }
  return "other";
}

export interface Group {
  word: "all" | "any";
  items: Condition[];
}

/** A condition as a list joined by a word: a single one is a list of one. */
export function groupOf(condition: Condition): Group {
  if ("all" in condition && kindOf(condition) === "all") return { word: "all", items: condition.all };
  if ("any" in condition && kindOf(condition) === "any") return { word: "any", items: condition.any };
  return { word: "all", items: [condition] };
}

/** Back to a condition; a list of one stays bare where it was bare. */
export function conditionOf({ word, items }: Group, before: Condition): Condition {
  const wasBare = !("all" in before || "any" in before);
  if (wasBare && items.length === 1 && items[0]) return items[0];
  return word === "all" ? { all: items } : { any: items };
}

export function replaceAt<Item>(items: Item[], index: number, item: Item): Item[] {
  return items.map((old, at) => (at === index ? item : old));
}

/** `x` → `not x` → `x`. */
export function negated(condition: Condition): Condition {
  return "not" in condition && kindOf(condition) === "not" ? condition.not : { not: condition };
}

export const newTest = (attribute = ""): Condition => ({ attribute, operator: "in", values: [] });
