import { RE2JS } from "re2js";
import type { OperatorModule } from "./modules.ts";
import { wellFormed } from "./text.ts";

export const MAX_PATTERN_LENGTH = 256;
/** Of a text, or of all texts of a list together: what comes after is not tried. */
export const MAX_INPUT_LENGTH = 10_000;
/** Of all patterns together, in instructions: repetitions unfold, and any instruction may have to be tried at any character. */
export const MAX_PROGRAM_SIZE = 300;
/** Beginning with a text costs something, too: so many characters it counts as at least. */
const LEAST_LENGTH = 10;

/** RE2 patterns, found anywhere in the text; linear in the text whatever the pattern. */
export const matches: OperatorModule = {
  name: "matches",
  compile(values, ignoreCase) {
    const patterns: RE2JS[] = [];
    let size = 0;
    for (const value of values) {
      const pattern = compilePattern(value, ignoreCase);
      if (typeof pattern === "string") return pattern;
      size += pattern.programSize();
      // At once, since compiling costs something, too.
      if (size > MAX_PROGRAM_SIZE)
        return `The patterns are too large: unfolded they take more than ${MAX_PROGRAM_SIZE} instructions.`;
      patterns.push(pattern);
    }
    let left = 0;
    return (value, _, place = 0) => {
      if (place === 0) left = MAX_INPUT_LENGTH;
      if (typeof value !== "string") return false;
      left -= Math.max(value.length, LEAST_LENGTH);
      if (left < 0) return false;
      const text = wellFormed(value);
      // `test` would build an automaton as it goes: on most texts faster, on some ten times slower, and it keeps 8 MB of states.
      return patterns.some((pattern) => pattern.matcher(text).find());
    };
  },
};

function compilePattern(value: unknown, ignoreCase: boolean): RE2JS | string {
  if (typeof value !== "string") return "A pattern is text.";
  if (value.length > MAX_PATTERN_LENGTH) return `A pattern has at most ${MAX_PATTERN_LENGTH} characters.`;
  try {
    return RE2JS.compile(value, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    return error instanceof Error ? error.message : "The pattern is invalid.";
  }
}
