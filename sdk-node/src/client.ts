import type { Context, Extensions, Ruleset } from "@lanyard/evaluation";
import { type Explanation, explain } from "@lanyard/evaluation/explain";
import { type Client as BaseClient, type Core, localClient } from "@lanyard/sdk-core";

/** Reads are synchronous, from memory, and never throw. Every read is counted. */
export interface Client extends BaseClient {
  /**
   * The decision with every step that led to it, bucket included, by the code that decides. For people: it compiles the
   * rules anew, is not counted, and knows no hooks.
   */
  explain(key: string, context: Context): Explanation;
}

/** The face of a client in Node. */
export function nodeClient(core: Core, extensions: Extensions = {}): Client {
  return {
    ...localClient(core),
    explain: (key, context) => explain(rulesInForce(core), key, context, extensions),
  };
}

/** A flag that must not outlive contact with the server, and has, serves its off variation as a killed one does. */
function rulesInForce({ store }: Core): Ruleset {
  const { flags, kills, ...rest } = store.snapshot();
  const expired = Object.keys(flags).filter(store.isExpired);
  return { ...rest, flags, kills: [...kills, ...expired.map((flag) => ({ id: "stale", flag, at: "" }))] };
}
