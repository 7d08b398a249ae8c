/** A semantic version. What is not written counts as zero; the last part orders what is before a release. */
export type Version = [major: number, minor: number, patch: number, precedence: string];

/** What `digitAt` finds in place of a digit. */
const DOT = -2;
const END = -3;
const SUFFIX =
  /^(?:-((?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*))?(?:\+[\da-z.-]+)?$/i;
/** Above all that a pre-release can hold. */
const RELEASE = "~";

/** Reads a version into `into`, which allocates nothing for a release; false for what is none. Build metadata is ignored. */
export function readVersion(text: unknown, into: Version): boolean {
  if (typeof text !== "string") return false;
  into[1] = into[2] = 0;
  into[3] = RELEASE;
  let at = 0;
  for (let part = 0; part < 3; part++) {
    const start = at;
    let number = 0;
    for (let digit = digitAt(text, at); digit >= 0 && digit < 10; digit = digitAt(text, ++at)) {
      number = number * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 15 || (digits > 1 && digitAt(text, start) === 0)) return false;
    into[part] = number;
    if (digitAt(text, at) !== DOT || part === 2) break;
    at++;
  }
  if (at === text.length) return true;
  const suffix = text.length > 256 ? null : SUFFIX.exec(text.slice(at));
  if (suffix?.[1] !== undefined) into[3] = precedenceOf(suffix[1]);
  return suffix !== null;
}

/** What a character stands for as a digit. Asking for one past the end would make numbers of another kind, which take memory. */
function digitAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) - 48 : END;
}

/** A version, or `undefined` for what is none. */
export function parseVersion(value: unknown): Version | undefined {
  const version: Version = [0, 0, 0, ""];
  return readVersion(value, version) ? version : undefined;
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b`. */
export function compareVersions(a: Version, b: Version): number {
  for (let part = 0; part < 4; part++) {
    const x = a[part] as number;
    const y = b[part] as number;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/**
 * A text that is ordered as a pre-release is: identifiers are compared one by one, and numbers come first, the longer above the
 * shorter. A space and an exclamation mark are lower than all that an identifier can hold.
 */
function precedenceOf(pre: string): string {
  return pre
    .split(".")
    .map((part) => (/\D/.test(part) ? part : `!${String.fromCharCode(part.length)}${part}`))
    .join(" ");
}
