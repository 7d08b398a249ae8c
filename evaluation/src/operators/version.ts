/** A semantic version; what is not written counts as zero, so `1` equals `1.0.0`. */
export class Version {
  major = 0;
  minor = 0;
  patch = 0;
  /** As written; empty for a release. */
  pre = "";
}

const DOT = 46;
const SUFFIX =
  /^(?:-((?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*))?(?:\+[\da-z.-]+)?$/i;

/** Reads a version into `into`, which allocates nothing for a release; false for what is none. Build metadata is ignored. */
export function readVersion(text: string, into: Version): boolean {
  let at = -1;
  let parts = 0;
  into.minor = into.patch = 0;
  into.pre = "";
  do {
    const start = ++at;
    let number = 0;
    for (let digit = text.charCodeAt(at) - 48; digit >= 0 && digit < 10; digit = text.charCodeAt(++at) - 48) {
      number = number * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 15 || (digits > 1 && text.charCodeAt(start) === 48)) return false;
    if (parts === 0) into.major = number;
    else if (parts === 1) into.minor = number;
    else into.patch = number;
  } while (++parts < 3 && text.charCodeAt(at) === DOT);
  if (at === text.length) return true;
  const suffix = text.length > 256 ? null : SUFFIX.exec(text.slice(at));
  into.pre = suffix?.[1] ?? "";
  return suffix !== null;
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b`. */
export function compareVersions(a: Version, b: Version): number {
  if (a.major !== b.major) return a.major - b.major;
  if (a.minor !== b.minor) return a.minor - b.minor;
  if (a.patch !== b.patch) return a.patch - b.patch;
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
