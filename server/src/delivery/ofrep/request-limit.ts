import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../../errors.ts";
import type { SdkActor } from "../sdk-actor.ts";

/** Of one key, on one node: an evaluation costs more than a ruleset that lies ready. */
const PER_KEY = { points: 1_000, duration: 1 };
/** Of one address with a client key, which anybody may read off a page: nobody uses up what all visitors share. */
const PER_VISITOR = { points: 100, duration: 1 };

/** Throws `rate-limited` for what is beyond a key's share. */
export type RequestLimit = (actor: SdkActor, address: string) => Promise<void>;

export function createRequestLimit(perKey = PER_KEY, perVisitor = PER_VISITOR): RequestLimit {
  const keys = new RateLimiterMemory(perKey);
  const visitors = new RateLimiterMemory(perVisitor);
  return async ({ id, audience }, address) => {
    try {
      if (audience === "client") await visitors.consume(`${id} ${address}`);
      await keys.consume(id);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError("rate-limited", "This key asks more often than it may; come again in a moment.", {
        retryAfterSeconds: Math.max(1, refusal.msBeforeNext / 1_000),
      });
    }
  };
}
