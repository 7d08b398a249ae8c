import type { RouteInput } from "@lanyard/contract";
import type { FlagType, JsonValue } from "@lanyard/evaluation";

/** A variation as it is typed: its value is text until it is sent. */
export interface VariationText {
  id: string;
  text: string;
}

export interface NewFlagValues {
  name: string;
  key: string;
  description: string;
  type: FlagType;
  purpose: "release" | "experiment" | "operational" | "permission";
  audience: "server" | "client";
  tags: string[];
  variations: VariationText[];
  off: string;
}

/** What a flag of that type starts with. */
export const STARTING_VARIATIONS: Record<FlagType, VariationText[]> = {
  boolean: [
    { id: "on", text: "true" },
    { id: "off", text: "false" },
  ],
  string: [
    { id: "new", text: "new" },
    { id: "old", text: "old" },
  ],
  number: [
    { id: "high", text: "100" },
    { id: "low", text: "0" },
  ],
  json: [
    { id: "new", text: "{}" },
    { id: "old", text: "{}" },
  ],
};

export type ParsedValue = { value: JsonValue } | { fault: string };

/** Reads what was typed as a value of the flag's type. */
export function parseValue(type: FlagType, text: string): ParsedValue {
  switch (type) {
    case "string":
      return { value: text };
    case "boolean":
      if (text === "true" || text === "false") return { value: text === "true" };
      return { fault: "true or false" };
    case "number": {
      const number = Number(text);
      return text.trim() !== "" && Number.isFinite(number) ? { value: number } : { fault: "A number" };
    }
    case "json":
      try {
        return { value: JSON.parse(text) as JsonValue };
      } catch {
        return { fault: "This is not JSON" };
      }
  }
}

export function valueText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Faults by variation, as a form shows them. */
export function variationFaults(type: FlagType, variations: VariationText[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const [index, variation] of variations.entries()) {
    const parsed = parseValue(type, variation.text);
    if ("fault" in parsed) faults[`variations.${index}.text`] = parsed.fault;
    if (variation.id.trim() === "") faults[`variations.${index}.id`] = "Needed";
    else if (variations.findIndex((other) => other.id === variation.id) < index) {
      faults[`variations.${index}.id`] = "Used above";
    }
  }
  return faults;
}

export function parsedVariations(
  type: FlagType,
  variations: VariationText[],
): { id: string; value: JsonValue }[] {
  return variations.map((variation) => {
    const parsed = parseValue(type, variation.text);
    return { id: variation.id.trim(), value: "value" in parsed ? parsed.value : null };
  });
}

export function newFlagBody(
  values: NewFlagValues,
): NonNullable<RouteInput<"POST /api/v1/projects/{project}/flags">["body"]> {
  const { variations, off, ...rest } = values;
  if (values.type === "boolean") return rest;
  return { ...rest, off, variations: parsedVariations(values.type, variations) };
}
