import { useEffect, useState } from "react";
import { type Edits, followed, type Saved, withKept } from "./form-base.ts";
import { forget, readStored, store } from "./storage.ts";
import { sameJson } from "./targeting.ts";

const storageKey = (place: string) => `lanyard:draft:${place}`;

/** What the form of a place begins with: what is saved, and edits of it that a reload left behind. */
export function useKeptEdits<Fields extends object>(place: string, saved: Saved<Fields>): Edits<Fields> {
  return useState(() => withKept(saved, readStored(storageKey(place))))[0];
}

interface Form<Fields> {
  place: string;
  saved: Saved<Fields>;
  /** What the form's edits were based on when it was opened. */
  start: Saved<Fields>;
  now: Fields;
  setNow(fields: NoInfer<Fields>): void;
}

interface FormBase<Fields> {
  /** What the edits in the form began from; the next save is based on it. */
  base: Saved<Fields>;
  /** What was saved since, by someone else, while there are unsaved edits. */
  newer: Saved<Fields> | undefined;
  /** Bases the form on what is saved now; `now` is what stays to be saved on top of it, if anything does. */
  rebase(base: Saved<Fields>, now?: Fields): void;
}

/** Keeps a form's edits, and what they are based on, while others save and over a reload; a form without edits follows. */
export function useFormBase<Fields>({ place, saved, start, now, setNow }: Form<Fields>): FormBase<Fields> {
  const [base, setBase] = useState(start);
  const next = followed(base, now, saved);
  const rebase = (to: Saved<Fields>, fields = to.fields) => {
    setBase(to);
    setNow(fields);
  };
  useEffect(() => {
    if (next !== undefined && (saved.version !== base.version || next !== now)) rebase(saved, next);
  });
  useEffect(() => {
    if (sameJson(now, base.fields)) forget(storageKey(place));
    else store(storageKey(place), { base, now } satisfies Edits<Fields>);
  }, [place, base, now]);
  return { base, newer: next === undefined && saved.version >= base.version ? saved : undefined, rebase };
}
