import { createHash } from "node:crypto";
import type { OfrepEvaluation, OfrepEvaluations } from "@lanyard/contract";
import type { Context, Evaluator } from "@lanyard/evaluation";
import { openFeatureReason } from "@lanyard/evaluation/openfeature";

type Reason = OfrepEvaluation["reason"];

/** One flag's answer; undefined when there is no such flag. */
export function evaluationOf(
  evaluator: Evaluator,
  flagSetId: string,
  key: string,
  context: Context,
): OfrepEvaluation | undefined {
  const decision = evaluator.evaluate(key, context);
  const { value, variation } = decision;
  if (value === undefined) return undefined;
  return {
    key,
    // A decision that has a value has no reason of a failure, and only an SDK's clock finds one stale.
    reason: openFeatureReason(decision, evaluator.isStatic(key)) as Reason,
    // The protocol has no null: without a value the caller's default stands in, which is the nearest to it.
    ...(value !== null && { value }),
    ...(variation !== undefined && { variant: variation }),
    metadata: { flagSetId, version: evaluator.flag(key)?.hash ?? "" },
  };
}

/** All flags' answers, in an order that all nodes share. */
export function evaluationsOf(
  evaluator: Evaluator,
  flagSetId: string,
  context: Context,
): Omit<OfrepEvaluations, "eventStreams"> {
  const flags = evaluator
    .keys()
    .sort()
    .flatMap((key) => evaluationOf(evaluator, flagSetId, key, context) ?? []);
  return { flags, metadata: { flagSetId } };
}

/** Strong: what is sent, and so the context too, decides it. Two users never share one by chance of the revision. */
export function etagOf(body: string): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
}
