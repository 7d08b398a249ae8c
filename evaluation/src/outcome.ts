import type { Decision, JsonValue, Reason } from "./model.ts";

/** A decision made once per flag and outcome, so that deciding and counting allocate nothing. */
export class Outcome implements Decision {
  declare readonly value: JsonValue | undefined;
  declare readonly variation: string | undefined;
  declare readonly reason: Reason;
  declare readonly split: boolean | undefined;
  declare readonly ruleId: string | undefined;
  declare readonly prerequisite: string | undefined;
  // A private field keeps the counter out of comparisons and of JSON.
  #uses = 0;

  constructor(
    value: JsonValue | undefined,
    variation: string | undefined,
    reason: Reason,
    split?: boolean,
    ruleId?: string,
    prerequisite?: string,
  ) {
    this.value = value;
    this.variation = variation;
    this.reason = reason;
    this.split = split;
    this.ruleId = ruleId;
    this.prerequisite = prerequisite;
  }

  static count(outcome: Outcome, by: number): number {
    outcome.#uses += by;
    return outcome.#uses;
  }
}

/** Adds to the uses of a decision, whoever counts them, and returns how many there are. */
export function countUses(decision: Decision, by: number): number {
  return Outcome.count(decision as Outcome, by);
}
