import { useEffect, useState } from "react";
import { followed, type Saved } from "./form-base.ts";

interface FormBase<Fields> {
  /** What the edits in the form began from; the next save is based on it. */
  base: Saved<Fields>;
  /** What was saved since, by someone else, while there are unsaved edits. */
  newer: Saved<Fields> | undefined;
  /** Bases the form on what is saved now; `now` is what stays to be saved on top of it, if anything does. */
  rebase(base: Saved<Fields>, now?: Fields): void;
}

/** Keeps a form's edits, and what they are based on, while others save; a form without edits follows. */
export function useFormBase<Fields>(
  saved: Saved<Fields>,
  now: Fields,
  setNow: (fields: Fields) => void,
): FormBase<Fields> {
  const [base, setBase] = useState(saved);
  const next = followed(base, now, saved);
  const rebase = (to: Saved<Fields>, fields = to.fields) => {
    setBase(to);
    setNow(fields);
  };
  useEffect(() => {
    if (next !== undefined && (saved.version !== base.version || next !== now)) rebase(saved, next);
  });
  return { base, newer: next === undefined && saved.version >= base.version ? saved : undefined, rebase };
}
