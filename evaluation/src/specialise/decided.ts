import { createEvaluator } from "../evaluator.ts";
import type { Context, Flag } from "../model.ts";
import type { Extensions } from "../operators/modules.ts";
import { fingerprint } from "./facts.ts";
import { RESIDUAL } from "./residual.ts";

/**
 * A residual cut down to its answer for a user of whom nothing is known but what is verified: what is left of a flag
 * that tells too many users apart. Prerequisites stay.
 */
export function decided(key: string, residual: Flag, verified: Context, extensions: Extensions): Flag {
  const alone = { ...residual, prerequisites: [] };
  const ruleset = {
    environmentId: "",
    epoch: 0,
    revision: 0,
    flags: { [key]: alone },
    segments: {},
    kills: [],
  };
  const decision = createEvaluator({ format: 1, ...ruleset }, extensions).evaluate(key, verified);
  const variation = decision.variation ?? residual.off;
  // Served for want of a unit it must satisfy no prerequisite, even where that names the off variation.
  const isLost = decision.reason === "unit-missing";
  const { hash: _before, ...rest } = residual;
  const content = {
    ...rest,
    variations: RESIDUAL.variations(residual.variations, new Set([residual.off, variation])),
    targets: [],
    rules: [],
    fallthrough: isLost ? { split: { unit: "", weights: [{ variation, weight: 100_000 }] } } : { variation },
  };
  return { hash: fingerprint(JSON.stringify(content)), ...content };
}
