import type { Decision, JsonValue, Reason } from "./model.ts";

interface Details {
  ruleId?: string | undefined;
  prerequisite?: string | undefined;
  split?: boolean | undefined;
}

/** A decision made once per flag and outcome, so that deciding and counting allocate nothing. */
export class Outcome implements Decision {
  readonly value: JsonValue | undefined;
  readonly variation: string | undefined;
  readonly reason: Reason;
  readonly ruleId: string | undefined;
  readonly prerequisite: string | undefined;
  readonly split: boolean | undefined;
  // Private fields keep the counter out of comparisons and of JSON.
  readonly #flag: string;
  #uses = 0;

  constructor(
    flag: string,
    reason: Reason,
    variation?: { id: string; value: JsonValue },
    details: Details = {},
  ) {
    this.#flag = flag;
    this.value = variation?.value;
    this.variation = variation?.id;
    this.reason = reason;
    this.ruleId = details.ruleId;
    this.prerequisite = details.prerequisite;
    this.split = details.split;
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
