import { createHash } from "node:crypto";

/** JSON with sorted members: equal content has equal bytes, so hashes and "nothing changed" can be trusted. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Names a content: 16 hexadecimal digits of SHA-256 over its canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 16);
}

/** Links a change to the one before it: altering either shows in every later hash. */
export function chainHash(previousHash: string, change: unknown): string {
  return createHash("sha256").update(previousHash).update("\n").update(canonicalJson(change)).digest("hex");
}
