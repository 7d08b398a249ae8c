import { LIMITS } from "./fault.ts";

/** Whether one thing can reach itself by what refers to what, and how deep its references go. */
export function inspectReferences(
  start: string,
  referencesOf: (key: string) => readonly string[],
): { cycle: string[] | undefined; tooDeep: boolean } {
  const heights = new Map<string, number>();
  const path: string[] = [];
  let cycle: string[] | undefined;

  const visit = (key: string): number => {
    const known = heights.get(key);
    if (known !== undefined) return known;
    if (path.includes(key)) {
      if (key === start) cycle ??= [...path, key];
      return 0;
    }
    if (path.length > LIMITS.references) return 1;
    path.push(key);
    const height = 1 + referencesOf(key).reduce((highest, other) => Math.max(highest, visit(other)), 0);
    path.pop();
    heights.set(key, height);
    return height;
  };
  return { tooDeep: visit(start) > LIMITS.references, cycle };
}
