import type { Attribute } from "@lanyard/contract";
import type { AttributeTest, JsonValue } from "@lanyard/evaluation";
import { operatorWords } from "../../lib/describe/describe-condition.ts";

/** How the values of an operator are edited. */
export type ValueShape = "list" | "scalars" | "number" | "version" | "instant" | "none" | "unknown";

interface OperatorInfo {
  operator: string;
  shape: ValueShape;
  group: "Text" | "Number or yes/no" | "Version" | "Time" | "Network" | "Presence";
}

const OPERATORS: OperatorInfo[] = [
  { operator: "in", shape: "list", group: "Text" },
  { operator: "startsWith", shape: "list", group: "Text" },
  { operator: "endsWith", shape: "list", group: "Text" },
  { operator: "contains", shape: "list", group: "Text" },
  { operator: "matches", shape: "list", group: "Text" },
  { operator: "equals", shape: "scalars", group: "Number or yes/no" },
  { operator: "lessThan", shape: "number", group: "Number or yes/no" },
  { operator: "lessThanOrEqual", shape: "number", group: "Number or yes/no" },
  { operator: "greaterThan", shape: "number", group: "Number or yes/no" },
  { operator: "greaterThanOrEqual", shape: "number", group: "Number or yes/no" },
  { operator: "semverEqual", shape: "version", group: "Version" },
  { operator: "semverLessThan", shape: "version", group: "Version" },
  { operator: "semverLessThanOrEqual", shape: "version", group: "Version" },
  { operator: "semverGreaterThan", shape: "version", group: "Version" },
  { operator: "semverGreaterThanOrEqual", shape: "version", group: "Version" },
  { operator: "before", shape: "instant", group: "Time" },
  { operator: "after", shape: "instant", group: "Time" },
  { operator: "inCidr", shape: "list", group: "Network" },
  { operator: "exists", shape: "none", group: "Presence" },
];

const GROUPS: OperatorInfo["group"][] = [
  "Text",
  "Number or yes/no",
  "Version",
  "Time",
  "Network",
  "Presence",
];

const FIRST_GROUP: Record<Attribute["type"], OperatorInfo["group"]> = {
  string: "Text",
  list: "Text",
  number: "Number or yes/no",
  boolean: "Number or yes/no",
  version: "Version",
  date: "Time",
};

/** The choices for an attribute, those that fit its registered type first; an unknown operator stays among them. */
export function operatorChoices(current: string, type: Attribute["type"] | undefined) {
  const preferred = type ? FIRST_GROUP[type] : undefined;
  const groups = [...GROUPS].sort((a, b) => Number(b === preferred) - Number(a === preferred));
  const choices = groups.map((group) => ({
    group,
    items: OPERATORS.filter((info) => info.group === group).map(({ operator }) => ({
      value: operator,
      label: operatorWords(operator),
    })),
  }));
  if (OPERATORS.some((info) => info.operator === current)) return choices;
  return [...choices, { group: "Other", items: [{ value: current, label: current }] }];
}

/** How a test's values can be shown and edited without loss; `unknown` means as JSON. */
export function shapeOf({ operator, values = [] }: AttributeTest): ValueShape {
  const shape = OPERATORS.find((info) => info.operator === operator)?.shape ?? "unknown";
  const every = (...types: string[]) => values.every((value) => types.includes(typeof value));
  switch (shape) {
    case "list":
      return every("string", "number") ? shape : "unknown";
    case "scalars":
      return every("number", "boolean") ? shape : "unknown";
    case "number":
      return values.length <= 1 && every("number") ? shape : "unknown";
    case "version":
      return values.length <= 1 && every("string") ? shape : "unknown";
    case "instant":
      return values.length <= 1 && every("string", "number") ? shape : "unknown";
    case "none":
    case "unknown":
      return shape;
  }
}

export const foldsCase = (operator: string): boolean =>
  ["in", "startsWith", "endsWith", "contains", "matches"].includes(operator);

/** The same test under another operator: values stay where they can mean the same. */
export function withOperator(test: AttributeTest, operator: string): AttributeTest {
  const { ignoreCase, values = [], ...rest } = test;
  const next: AttributeTest = { ...rest, operator, values };
  const shape = shapeOf(next);
  if (shape === "none") return { ...rest, operator };
  if (shape === "unknown" && OPERATORS.some((info) => info.operator === operator)) next.values = [];
  return ignoreCase && foldsCase(operator) ? { ...next, ignoreCase } : next;
}

/** Typed text back to values: what was a number stays one, and numbers are numbers where the attribute says so. */
export function valuesFromText(texts: string[], before: JsonValue[], numeric: boolean): JsonValue[] {
  return texts.map((text) => {
    const kept = before.find((value) => String(value) === text);
    if (kept !== undefined) return kept;
    return numeric && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  });
}

/** `true`, `false` or a number; anything else is refused. */
export function scalarFromText(text: string): JsonValue | undefined {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
}
