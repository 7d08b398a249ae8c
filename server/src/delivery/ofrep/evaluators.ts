import { createEvaluator, type Evaluator, type Extensions, type Ruleset } from "@lanyard/evaluation";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { operators } from "@lanyard/evaluation/operators";
import { specialise } from "@lanyard/evaluation/specialise";
import type { EnvironmentState } from "../environments/index.ts";
import { type Audience, rulesetOf, type Snapshot, type Snapshots } from "../ruleset/index.ts";

/** Whatever any SDK can decide, the server can. */
const EXTENSIONS: Extensions = { operators, algorithms };

/** No attribute is public, and nothing is verified: what a page says decides splits only. */
const REGISTRY = { publicAttributes: new Set<string>() };

/** Environments compiled for remote evaluation, each brought up to date when it is asked. */
export interface Evaluators {
  of(state: EnvironmentState, audience: Audience): Evaluator;
}

interface Kept {
  evaluator: Evaluator;
  snapshot: Snapshot;
  killed: Set<string>;
}

export function createEvaluators(snapshots: Snapshots): Evaluators {
  const kept = { server: new WeakMap<object, Kept>(), client: new WeakMap<object, Kept>() };
  return {
    of(state, audience) {
      const snapshot = snapshots.of(state, audience);
      const known = kept[audience].get(state);
      if (known?.snapshot === snapshot) return known.evaluator;
      const evaluator = known?.evaluator ?? createEvaluator(NOTHING, EXTENSIONS);
      evaluator.replace(decidable(rulesetOf(state, snapshot.view), audience));
      const killed = new Set(snapshot.view.kills.map(({ flag }) => flag));
      for (const flag of known?.killed ?? []) if (!killed.has(flag)) evaluator.setKilled(flag, false);
      for (const flag of killed) if (!known?.killed.has(flag)) evaluator.setKilled(flag, true);
      kept[audience].set(state, { evaluator, snapshot, killed });
      return evaluator;
    },
  };
}

const NOTHING: Ruleset = {
  format: 1,
  environmentId: "",
  epoch: 0,
  revision: 0,
  flags: {},
  segments: {},
  kills: [],
};

/** A client key is no oracle for what is private: it gets the answers that a browser would come to. */
function decidable(ruleset: Ruleset, audience: Audience): Ruleset {
  return audience === "server" ? ruleset : specialise(ruleset, {}, REGISTRY, EXTENSIONS);
}
