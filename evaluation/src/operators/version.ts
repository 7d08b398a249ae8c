/** A semantic version; what is not written counts as zero, so `1` equals `1.0.0`. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
  /** Empty for a release. */
  pre: string[];
}

const PATTERN =
  /^(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,14}))?(?:\.(0|[1-9]\d{0,14}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const NUMERIC = /^\d+$/;

/** Reads a version, or gives `undefined` for what is none. Build metadata is ignored. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > 256) return undefined;
  const [match, major, minor = 0, patch = 0, suffix] = PATTERN.exec(text) ?? [];
  if (match === undefined) return undefined;
  const pre = suffix === undefined ? [] : suffix.split(".");
  if (pre.some((part) => part === "" || /^0\d+$/.test(part))) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), pre };
}

/** Negative, zero or positive as `text` is lower than, equal to or higher than `version`; `NaN` for no version. */
export function compareVersion(text: string, version: Version): number {
  const other = parseVersion(text);
  if (other === undefined) return Number.NaN;
  return (
    other.major - version.major ||
    other.minor - version.minor ||
    other.patch - version.patch ||
    comparePre(other.pre, version.pre)
  );
}

function comparePre(a: string[], b: string[]): number {
  // A release is higher than its pre-releases.
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareIdentifier(a[i] as string, b[i] as string);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifier(a: string, b: string): number {
  if (a === b) return 0;
  const numeric = NUMERIC.test(a);
  if (numeric !== NUMERIC.test(b)) return numeric ? -1 : 1;
  // Without leading zeros, the longer number is the larger, however large.
  return (numeric && a.length - b.length) || (a < b ? -1 : 1);
}
