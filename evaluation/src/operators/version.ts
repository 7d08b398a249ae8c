const PATTERN =
  /^(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,14}))?(?:\.(0|[1-9]\d{0,14}))?(?:-((?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*))?(?:\+[\da-z.-]+)?$/i;
/** In place of a pre-release, above all that one can hold. */
const RELEASE = "~";
const MAX_LENGTH = 256;
const MAX_KNOWN = 1_000;

/** The ranks of versions that were read before: a few are shared by all contexts, and looking one up allocates nothing. */
const known = new Map<string, string>();

/**
 * A text that is ordered as a semantic version is, or `undefined` for what is none. What is not written counts as zero; build
 * metadata is ignored.
 */
export function versionRank(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > MAX_LENGTH) return undefined;
  return known.get(value) ?? readVersion(value);
}

function readVersion(text: string): string | undefined {
  const [match, major, minor = "0", patch = "0", before = RELEASE] = PATTERN.exec(text) ?? [];
  if (match === undefined) return undefined;
  // Identifiers are compared one by one, and numbers come first, the longer above the shorter. A space and an exclamation mark are
  // lower than all that an identifier can hold.
  const rank = [major, minor, patch, ...before.split(".")]
    .map((part) => part?.replace(/^\d+$/, (digits) => `!${String.fromCharCode(digits.length)}${digits}`))
    .join(" ");
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, rank);
  return rank;
}
