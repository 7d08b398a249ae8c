import { hash, verify } from "@node-rs/argon2";
import { AppError } from "../errors.ts";

const WAITING_MAX = 20;

/** argon2id, one at a time: a flood of sign-ins waits in its own short queue and delays nothing else. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** False, after the same work, when there is no such account. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const oneAtATime = createQueue();
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => oneAtATime(() => hash(password)),
    verify: (passwordHash, password) =>
      oneAtATime(async () => {
        decoy ??= hash("the password of nobody");
        const matches = await verify(passwordHash ?? (await decoy), password);
        return matches && passwordHash !== undefined;
      }),
  };
}

function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= WAITING_MAX)
      throw new AppError("rate-limited", "Too many people sign in right now.", { retryAfterSeconds: 2 });
    waiting += 1;
    const result = last.then(work, work).finally(() => {
      waiting -= 1;
    });
    last = result.catch(() => {});
    return result;
  };
}
