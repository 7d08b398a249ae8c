import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../../errors.ts";

const KILLS_PER_MINUTE = 60;

/** Kill sets only grow, so a token in a loop is held back; asking for a flag that nothing holds down never is. */
export function createTokenLimit(): (tokenId: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: KILLS_PER_MINUTE, duration: 60 });
  return async (tokenId) => {
    try {
      await limiter.consume(tokenId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError("rate-limited", "These flags are killed already; this token repeats itself.", {
        retryAfterSeconds: refusal.msBeforeNext / 1_000,
      });
    }
  };
}
