import type { Split } from "@lanyard/evaluation";
import { formatPercent, movesBetween } from "../weights.ts";

/** Whom an edit of a split moves; undefined when nobody. */
export interface Movement {
  kind: "adds" | "removes" | "moves" | "deals-anew";
  text: string;
}

/** Says it from the weights alone: how many, from where to where. */
export function describeMovement(before: Split, after: Split): Movement | undefined {
  if (before.unit !== after.unit || before.seed !== after.seed)
    return { kind: "deals-anew", text: "Deals everyone anew: the unit or the seed differs" };
  const moves = movesBetween(before.weights, after.weights);
  const [move] = moves;
  if (!move) return undefined;
  if (isRamp(before, after)) {
    const first = after.weights[0]?.variation;
    return move.to === first
      ? { kind: "adds", text: `Only adds people to ${first}: nobody is moved out` }
      : { kind: "removes", text: `Only takes people out of ${first}: those who stay keep it` };
  }
  const all = moves.reduce((total, { weight }) => total + weight, 0);
  const each = moves.map(({ from, to, weight }) => `${formatPercent(weight)} from ${from} to ${to}`);
  return { kind: "moves", text: `${formatPercent(all)} of people change variation: ${each.join(", ")}` };
}

/** Of the same two, in the same order: no edit of the weights moves people both ways. */
function isRamp({ weights: before }: Split, { weights: after }: Split): boolean {
  const isSame = after.every(({ variation }, at) => variation === before[at]?.variation);
  return before.length === 2 && after.length === 2 && isSame;
}
