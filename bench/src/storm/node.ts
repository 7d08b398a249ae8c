import type { Admission } from "../../../server/src/delivery/stream/admission.ts";
import { TICK_MS } from "./agenda.ts";

/** Milliseconds of a node's one thread, as measured. */
export interface Costs {
  /** To let a stream in and send it what it lacks. */
  openMs: number;
  /** To read a request and tell it to come later, or to find that whoever asked has gone. */
  refuseMs: number;
  /** To answer a request for the ruleset. */
  pollMs: number;
}

export interface Asked {
  client: number;
  /** The client's number of this socket: when it holds another one by now, it has given this one up. */
  socket: number;
  for: "stream" | "ruleset";
  at: number;
}

export type Answer = "opened" | "polled" | "gone" | { waitSeconds: number };

/** One thread that answers in the order of arrival, and works for no more than a tick in a tick. */
export class SimulatedNode {
  readonly #queue: Asked[] = [];
  readonly #costs: Costs;
  readonly #admission: Admission;
  #head = 0;
  /** Work done ahead of the clock, since the last request of a tick is finished. */
  #owedMs = 0;

  constructor(costs: Costs, admission: Admission) {
    this.#costs = costs;
    this.#admission = admission;
  }

  ask(asked: Asked): void {
    this.#queue.push(asked);
  }

  /** How long whoever asks now waits behind others. */
  waitMs(tick: number): number {
    const first = this.#queue[this.#head];
    return first ? (tick - first.at) * TICK_MS : 0;
  }

  /** Answers what fits into a tick. Returns how much of it was worked. */
  work(isThere: (asked: Asked) => boolean, answer: (asked: Asked, answer: Answer) => void): number {
    let usedMs = this.#owedMs;
    for (; usedMs < TICK_MS && this.#head < this.#queue.length; this.#head += 1) {
      const asked = this.#queue[this.#head] as Asked;
      const [costMs, given] = this.#judge(asked, isThere(asked));
      usedMs += costMs;
      answer(asked, given);
    }
    if (this.#head > 10_000) this.#head -= this.#queue.splice(0, this.#head).length;
    this.#owedMs = Math.max(0, usedMs - TICK_MS);
    return Math.min(TICK_MS, usedMs);
  }

  #judge(asked: Asked, isThere: boolean): [costMs: number, answer: Answer] {
    const { openMs, refuseMs, pollMs } = this.#costs;
    if (!isThere) return [refuseMs, "gone"];
    if (asked.for === "ruleset") return [pollMs, "polled"];
    const waitSeconds = this.#admission.askedToWait();
    return waitSeconds === undefined ? [openMs, "opened"] : [refuseMs, { waitSeconds }];
  }
}
