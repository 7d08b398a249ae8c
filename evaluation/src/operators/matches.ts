import { RE2JS } from "re2js";
import type { OperatorModule } from "./modules.ts";
import { wellFormed } from "./text.ts";

export const MAX_PATTERN_LENGTH = 256;
export const MAX_INPUT_LENGTH = 10_000;
/** Repetitions unfold: what stays under this takes a fraction of a second on the longest input. */
const MAX_PROGRAM_SIZE = 1_000;

/** RE2 patterns, found anywhere in the text; linear in the text whatever the pattern. */
export const matches: OperatorModule = {
  name: "matches",
  compile(values, ignoreCase) {
    const patterns: RE2JS[] = [];
    for (const value of values) {
      const pattern = compilePattern(value, ignoreCase);
      if (typeof pattern === "string") return pattern;
      patterns.push(pattern);
    }
    return (value) => {
      if (typeof value !== "string" || value.length > MAX_INPUT_LENGTH) return false;
      const text = wellFormed(value);
      return patterns.some((pattern) => pattern.test(text));
    };
  },
};

function compilePattern(value: unknown, ignoreCase: boolean): RE2JS | string {
  if (typeof value !== "string") return "A pattern is text.";
  if (value.length > MAX_PATTERN_LENGTH) return `A pattern has at most ${MAX_PATTERN_LENGTH} characters.`;
  try {
    const pattern = RE2JS.compile(value, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return pattern.programSize() > MAX_PROGRAM_SIZE ? "The pattern repeats too much." : pattern;
  } catch (error) {
    return error instanceof Error ? error.message : "The pattern is invalid.";
  }
}
