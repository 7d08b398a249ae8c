import type { Client } from "./client.ts";
import type { Core } from "./core.ts";

/** The face of a client whose reads name their context. */
export function localClient({ life, reads, store }: Core): Client {
  return { ...life, ...(reads as Client), isStatic: (key) => store.evaluator.isStatic(key) };
}
