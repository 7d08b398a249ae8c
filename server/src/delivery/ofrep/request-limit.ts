import { createRateLimit } from "../../http/index.ts";
import type { SdkActor } from "../sdk-actor.ts";

/** Of one key, on one node: an evaluation costs more than a ruleset that lies ready. */
const PER_KEY = { points: 1_000, duration: 1 };
/** Of one address with a client key, which anybody may read off a page: nobody uses up what all visitors share. */
const PER_VISITOR = { points: 100, duration: 1 };
/** Milliseconds that such an address may keep a node busy, a fifth of the time: a node takes kills, too. */
const WORK_PER_VISITOR = { points: 2_000, duration: 10 };
const WORDS = "This key asks more often than it may; come again in a moment.";
const WORK_WORDS = "What was asked takes too much work; come again in a moment.";

export interface RequestLimit {
  /** Throws `rate-limited` for what is beyond the share of a key, or of an address with a client key. */
  admit(actor: SdkActor, address: string): Promise<void>;
  /** Does what an admitted request asks for, and has the time that it takes count against later ones. */
  work<Answer>(actor: SdkActor, address: string, answer: () => Answer): Answer;
}

export function createRequestLimit(
  perKey = PER_KEY,
  perVisitor = PER_VISITOR,
  workPerVisitor = WORK_PER_VISITOR,
): RequestLimit {
  const limitKey = createRateLimit(perKey, WORDS);
  const limitVisitor = createRateLimit(perVisitor, WORDS);
  const limitWork = createRateLimit(workPerVisitor, WORK_WORDS);
  const visitorOf = ({ id }: SdkActor, address: string) => `${id} ${address}`;
  return {
    async admit(actor, address) {
      if (actor.audience === "client") {
        await limitVisitor(visitorOf(actor, address));
        await limitWork(visitorOf(actor, address), 0);
      }
      await limitKey(actor.id);
    },
    work(actor, address, answer) {
      const start = performance.now();
      try {
        return answer();
      } finally {
        // The work is done: whoever took too much of it is refused the next time.
        if (actor.audience === "client")
          limitWork(visitorOf(actor, address), performance.now() - start).catch(() => {});
      }
    },
  };
}
