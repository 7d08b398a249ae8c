import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../errors.ts";
import { networkOf } from "./network.ts";

const SLOW_DOWN_MS = 1_000;

/**
 * Guesses at a password: refused for seconds where one address goes on guessing, slowed down where many guess at
 * one account. No account is ever locked: another address, or a minute, is enough.
 */
export interface Attempts {
  /** Throws `rate-limited` when this address must wait; waits itself while many guess at the account. */
  admit(email: string, address: string): Promise<void>;
  failed(email: string, address: string): Promise<void>;
}

export function createAttempts(): Attempts {
  const perAccountAndAddress = new RateLimiterMemory({ points: 5, duration: 30 });
  const perAddress = new RateLimiterMemory({ points: 30, duration: 60 });
  const perAccount = new RateLimiterMemory({ points: 20, duration: 60 });
  const everywhere = new RateLimiterMemory({ points: 50, duration: 1 });
  return {
    async admit(email, given) {
      const address = networkOf(given);
      const waitMs = Math.max(
        wait(await perAccountAndAddress.get(`${email} ${address}`), perAccountAndAddress.points),
        wait(await perAddress.get(address), perAddress.points),
        wait(await everywhere.get("all"), everywhere.points),
      );
      if (waitMs > 0)
        throw new AppError("rate-limited", "Too many wrong passwords; wait a little.", {
          retryAfterSeconds: waitMs / 1_000,
        });
      if (wait(await perAccount.get(email), perAccount.points) > 0) await sleep(SLOW_DOWN_MS);
    },
    async failed(email, given) {
      const address = networkOf(given);
      await Promise.all([
        perAccountAndAddress.penalty(`${email} ${address}`),
        perAddress.penalty(address),
        perAccount.penalty(email),
        everywhere.penalty("all"),
      ]);
    },
  };
}

function wait(state: RateLimiterRes | null, points: number): number {
  return state && state.consumedPoints >= points ? state.msBeforeNext : 0;
}
