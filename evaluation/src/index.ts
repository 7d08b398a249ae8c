export { DRILL_FLAG } from "./drill.ts";
export {
  createEvaluator,
  type Evaluator,
  evaluate,
  type RulesetIdentity,
  type RulesetPatch,
} from "./evaluator.ts";
export { bucket, TOTAL_WEIGHT } from "./hash.ts";
export type * from "./model.ts";
export type { AlgorithmModule, Extensions, OperatorModule } from "./operators/modules.ts";
export { countUses } from "./outcome.ts";
