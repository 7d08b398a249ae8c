import { createHash } from "node:crypto";
import { canonicalJson } from "../../canonical-json.ts";

/** Names a content: 16 hexadecimal digits of SHA-256 over its canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 16);
}

/** Links a change to the one before it: altering either shows in every later hash. */
export function chainHash(previousHash: string, change: unknown): string {
  return createHash("sha256").update(previousHash).update("\n").update(canonicalJson(change)).digest("hex");
}
