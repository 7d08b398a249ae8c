import type { Decision, JsonValue, Reason } from "./model.ts";

/** A decision made once per flag and outcome, so that deciding and counting allocate nothing. */
export class Outcome implements Decision {
  readonly value: JsonValue | undefined;
  readonly variation: string | undefined;
  readonly reason: Reason;
  readonly split: boolean | undefined;
  readonly ruleId: string | undefined;
  readonly prerequisite: string | undefined;
  // Private fields keep the counter out of comparisons and of JSON.
  readonly #flag: string;
  #uses = 0;

  constructor(
    flag: string,
    reason: Reason,
    value?: JsonValue,
    variation?: string,
    split?: boolean,
    ruleId?: string,
    prerequisite?: string,
  ) {
    this.#flag = flag;
    this.value = value;
    this.variation = variation;
    this.reason = reason;
    this.split = split;
    this.ruleId = ruleId;
    this.prerequisite = prerequisite;
  }

  /** Counts one use, and says whether it is the first since the last drain. */
  static count(outcome: Outcome): boolean {
    return outcome.#uses++ === 0;
  }

  /** Takes the uses off an outcome. */
  static drain(outcome: Outcome): { flag: string; uses: number } {
    const uses = outcome.#uses;
    outcome.#uses = 0;
    return { flag: outcome.#flag, uses };
  }
}
