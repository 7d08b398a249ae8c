import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../errors.ts";

/** How many are let through, in how many seconds. */
export interface Share {
  points: number;
  duration: number;
}

/**
 * A share for each key, on this node, of which each call takes some points. Throws `rate-limited` with `words`, and when to come
 * again, once more was taken than there is.
 */
export function createRateLimit(
  share: Share,
  words: string,
): (key: string, points?: number) => Promise<void> {
  const limiter = new RateLimiterMemory(share);
  return async (key, points) => {
    try {
      await limiter.consume(key, points);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError("rate-limited", words, {
        retryAfterSeconds: Math.max(1, refusal.msBeforeNext / 1_000),
      });
    }
  };
}
