export const unitsOf = (text: string): string[] =>
  [...new Set(text.split(/[\n,;]/).map((unit) => unit.trim()))].filter(Boolean);

/** What was typed, as long as it stands for those units; they may also be discarded, or saved by another person. */
export function textOf(units: string[], typed: string): string {
  const lines = units.join("\n");
  return unitsOf(typed).join("\n") === lines ? typed : lines;
}
