/** A semantic version; what is not written counts as zero, so `1` equals `1.0.0`. */
export interface Version {
  numbers: number[];
  /** As written; empty for a release. */
  pre: string;
}

const DOT = 46;
const SUFFIX =
  /^(?:-((?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*))?(?:\+[\da-z.-]+)?$/i;

/** Reads a version into `into`, which allocates nothing for a release; false for what is none. Build metadata is ignored. */
export function readVersion(text: string, into: Version): boolean {
  let at = 0;
  into.numbers.fill(0);
  into.pre = "";
  for (let part = 0; part < 3; part++) {
    const start = at;
    let number = 0;
    for (let digit = text.charCodeAt(at) - 48; digit >= 0 && digit < 10; digit = text.charCodeAt(++at) - 48) {
      number = number * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 15 || (digits > 1 && text[start] === "0")) return false;
    into.numbers[part] = number;
    if (part === 2 || text.charCodeAt(at) !== DOT) break;
    at++;
  }
  if (at === text.length) return true;
  const suffix = text.length > 256 ? null : SUFFIX.exec(text.slice(at));
  into.pre = suffix?.[1] ?? "";
  return suffix !== null;
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b`. */
export function compareVersions(a: Version, b: Version): number {
  for (let part = 0; part < 3; part++) {
    const difference = (a.numbers[part] as number) - (b.numbers[part] as number);
    if (difference !== 0) return difference;
  }
  // A release is higher than its pre-releases.
  return a.pre === b.pre
    ? 0
    : a.pre === ""
      ? 1
      : b.pre === ""
        ? -1
        : comparePre(a.pre.split("."), b.pre.split("."));
}

function comparePre(a: string[], b: string[]): number {
  const i = a.findIndex((part, at) => part !== b[at]);
  const x = a[i];
  const y = b[i];
  if (x === undefined || y === undefined) return a.length - b.length;
  const numeric = /^\d+$/;
  const rank = Number(numeric.test(y)) - Number(numeric.test(x));
  // Without leading zeros, the longer number is the larger, however large.
  return rank || (numeric.test(x) && x.length - y.length) || (x < y ? -1 : 1);
}
