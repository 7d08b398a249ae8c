// With the `u` flag a surrogate matches only where it stands alone.
const FORBIDDEN = /[\0\ud800-\udfff]/gu;

/** A context's text as conditions see it: what no stored text may hold becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd");
}

/** Lower case for ASCII only: engines disagree beyond it. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
