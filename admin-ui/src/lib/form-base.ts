import { sameJson } from "./targeting.ts";

/** What is saved under a version, field by field as a form edits it. */
export interface Saved<Fields> {
  fields: Fields;
  version: number;
}

/** What a form holds once it is based on `saved`; `undefined` where its edits stay on the base that they have. */
export function followed<Fields>(base: Saved<Fields>, now: Fields, saved: Saved<Fields>): Fields | undefined {
  if (saved.version < base.version) return undefined;
  if (sameJson(saved.fields, base.fields)) return now;
  const nothingOfItsOwn = sameJson(now, base.fields) || sameJson(now, saved.fields);
  return nothingOfItsOwn ? saved.fields : undefined;
}

interface Merge<Fields> {
  merged: Fields;
  /** Fields that both sides changed, and differently; `merged` holds mine there. */
  conflicts: string[];
}

/** Puts my edits of `base` on top of theirs: a field that only one side changed is taken from that side. */
export function mergeFields<Fields extends object>(
  base: Fields,
  mine: Fields,
  theirs: Fields,
): Merge<Fields> {
  const merged = { ...theirs };
  const conflicts: string[] = [];
  for (const name of Object.keys({ ...base, ...mine }) as (keyof Fields & string)[]) {
    if (sameJson(mine[name], base[name])) continue;
    if (!sameJson(theirs[name], base[name]) && !sameJson(theirs[name], mine[name])) conflicts.push(name);
    merged[name] = mine[name];
  }
  return { merged, conflicts };
}
