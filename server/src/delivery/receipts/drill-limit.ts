import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../../errors.ts";

const DRILLS_PER_MINUTE = 12;

/** A drill asks every instance of an environment for a word: those on request are paced, whoever asks. */
export function createDrillLimit(): (environmentId: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: DRILLS_PER_MINUTE, duration: 60 });
  return async (environmentId) => {
    try {
      await limiter.consume(environmentId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError("rate-limited", "The kill lane was tried several times in the last minute.", {
        retryAfterSeconds: refusal.msBeforeNext / 1_000,
      });
    }
  };
}
