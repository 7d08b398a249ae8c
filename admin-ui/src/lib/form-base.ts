import { sameJson } from "./targeting.ts";

/** What is saved under a version, field by field as a form edits it. */
export interface Saved<Fields> {
  fields: Fields;
  version: number;
}

/** What a form holds, and what that is based on. */
export interface Edits<Fields> {
  base: Saved<Fields>;
  now: Fields;
}

/** What is saved, with the edits of it that were kept; what was kept of a later save or another form is not taken. */
export function withKept<Fields extends object>(saved: Saved<Fields>, kept: unknown): Edits<Fields> {
  return isEdits(kept, saved.fields) && kept.base.version <= saved.version
    ? kept
    : { base: saved, now: saved.fields };
}

function isEdits<Fields extends object>(kept: unknown, like: Fields): kept is Edits<Fields> {
  const { base, now } = (kept ?? {}) as Partial<Edits<unknown>>;
  return typeof base?.version === "number" && isLike(base.fields, like) && isLike(now, like);
}

/** Of the same names and kinds of values; `null` is of any kind. */
function isLike(value: unknown, like: object): boolean {
  if (typeof value !== "object" || value === null) return false;
  const [names, others] = [Object.keys(like).sort(), Object.keys(value).sort()];
  return (
    sameJson(names, others) &&
    names.every((name) => {
      const [one, other] = [value, like].map((fields) => kindOf((fields as Record<string, unknown>)[name]));
      return one === other || one === "null" || other === "null";
    })
  );
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : typeof value;

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
