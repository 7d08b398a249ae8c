import { murmur3 } from "./hash.ts";
import type { Ruleset } from "./model.ts";

/** The digest of the wire protocol: equal definitions have the same, in whatever order they are held. */
export function digestOf({ flags, segments }: Pick<Ruleset, "flags" | "segments">): string {
  const sum = sumOf("flag", flags) + sumOf("segment", segments);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

function sumOf(kind: string, definitions: Record<string, { hash: unknown }>): number {
  return Object.keys(definitions).reduce((sum, key) => {
    const hash = definitions[key]?.hash;
    // A hash that is no text may not even be turned into one.
    return sum + murmur3(`${kind}:${key}:${typeof hash === "string" ? hash : ""}`);
  }, 0);
}
