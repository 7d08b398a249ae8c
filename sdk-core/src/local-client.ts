import type { Client } from "./client.ts";
import type { Core } from "./core.ts";

/** The face of a client whose reads name their context. */
export function localClient({ store, reads, status, ready, on, track, flush, close }: Core): Client {
  return {
    boolean: reads.of("boolean") as Client["boolean"],
    string: reads.of("string") as Client["string"],
    number: reads.of("number") as Client["number"],
    json: reads.of("json") as Client["json"],
    details: reads.details as Client["details"],
    isStatic: (key) => store.evaluator.isStatic(key),
    status,
    ready,
    on,
    track,
    flush,
    close,
  };
}
