import type { Evaluator } from "./evaluator.ts";
import { murmur3 } from "./hash.ts";
import type { Ruleset } from "./model.ts";

/** The digest of the wire protocol: equal definitions have the same, in whatever order they are held. */
export function digestOf({ flags, segments }: Pick<Ruleset, "flags" | "segments">): string {
  return digestText(sumOf("flag", flags) + sumOf("segment", segments));
}

/** How many definitions are read at once: of ten thousand a page's main thread would be held longer than a frame lasts. */
const MAX_READ = 1_000;

/**
 * The digest of what an evaluator holds: it costs what changed since the last one, so that nothing waits for it. `undefined` while there
 * is more to read than one call may: the next goes on from there.
 */
export function digestHeld({ entries }: Evaluator): string | undefined {
  let sum = 0;
  let read = 0;
  for (const held of Object.values(entries)) {
    for (const entry of held.values()) {
      const { kind, key, definition } = entry;
      if (entry.digested !== definition) {
        if (++read > MAX_READ) return undefined;
        entry.digested = definition;
        entry.digest = definition ? digestPart(kind, key, definition.hash) : 0;
      }
      sum += entry.digest;
    }
  }
  return digestText(sum);
}

/** One definition's part of the sum that a digest is. A hash that is no text may not even be turned into one. */
export function digestPart(kind: "flag" | "segment", key: string, hash: unknown): number {
  return murmur3(`${kind}:${key}:${typeof hash === "string" ? hash : ""}`);
}

/** What travels of the sum of all parts. */
export function digestText(sum: number): string {
  return (sum >>> 0).toString(16).padStart(8, "0");
}

function sumOf(kind: "flag" | "segment", definitions: Record<string, { hash: unknown }>): number {
  return Object.keys(definitions).reduce(
    (sum, key) => sum + digestPart(kind, key, definitions[key]?.hash),
    0,
  );
}
