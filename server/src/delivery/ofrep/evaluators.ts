import { type Context, createEvaluator, type Evaluator, type Ruleset } from "@lanyard/evaluation";
import { extensions } from "../../extensions.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { type Audience, rulesetOf, type Snapshot, type Snapshots } from "../ruleset/index.ts";

/** Environments compiled for remote evaluation, each brought up to date when it is asked. */
export interface Evaluators {
  /** A client key is no oracle for what is private: it gets the answers that its user's browser would come to. */
  of(state: EnvironmentState, audience: Audience, verified: Context): Evaluator;
}

interface Kept {
  evaluator: Evaluator;
  snapshot: Snapshot;
  killed: Set<string>;
}

export function createEvaluators(snapshots: Snapshots): Evaluators {
  const kept = new WeakMap<EnvironmentState, Kept>();
  return {
    of(state, audience, verified) {
      const snapshot = snapshots.of(state, audience, verified);
      if (audience === "client") return snapshot.evaluator();
      const known = kept.get(state);
      if (known?.snapshot === snapshot) return known.evaluator;
      const evaluator = known?.evaluator ?? createEvaluator(NOTHING, extensions);
      evaluator.replace(rulesetOf(state, snapshot.view));
      const killed = new Set(snapshot.view.kills.map(({ flag }) => flag));
      for (const flag of known?.killed ?? []) if (!killed.has(flag)) evaluator.setKilled(flag, false);
      for (const flag of killed) if (!known?.killed.has(flag)) evaluator.setKilled(flag, true);
      kept.set(state, { evaluator, snapshot, killed });
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
