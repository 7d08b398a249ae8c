import { createRateLimit } from "../../http/index.ts";
import type { SdkActor } from "../sdk-actor.ts";

/** Of one key, on one node: an evaluation costs more than a ruleset that lies ready. */
const PER_KEY = { points: 1_000, duration: 1 };
/** Of one address with a client key, which anybody may read off a page: nobody uses up what all visitors share. */
const PER_VISITOR = { points: 100, duration: 1 };
const WORDS = "This key asks more often than it may; come again in a moment.";

/** Throws `rate-limited` for what is beyond a key's share. */
export type RequestLimit = (actor: SdkActor, address: string) => Promise<void>;

export function createRequestLimit(perKey = PER_KEY, perVisitor = PER_VISITOR): RequestLimit {
  const limitKey = createRateLimit(perKey, WORDS);
  const limitVisitor = createRateLimit(perVisitor, WORDS);
  return async ({ id, audience }, address) => {
    if (audience === "client") await limitVisitor(`${id} ${address}`);
    await limitKey(id);
  };
}
