import type { JsonValue } from "../model.ts";

/** Whether a value passes. The elements of a list come one by one, in order, with their places. */
export type ValueTest = (value: unknown, _: unknown, place?: number) => boolean;

/** An operator that not every evaluator carries, registered by whoever needs it. */
export interface OperatorModule {
  readonly name: string;
  /**
   * A test of one value, whatever it is, or why the values are refused. The values of all conditions of a flag or segment that use the
   * operator must pass together, too, before it is saved.
   */
  compile(values: readonly JsonValue[], ignoreCase: boolean): ValueTest | string;
}

/** A way of bucketing other than the native one, for units that must stay where another system put them. */
export interface AlgorithmModule {
  readonly name: string;
  /** A function from a unit to its bucket: at least 0, below 100000. */
  prepare(seed: string): (unit: string) => number;
}

/** What an evaluator knows beyond what it carries. */
export interface Extensions {
  operators?: readonly OperatorModule[];
  algorithms?: readonly AlgorithmModule[];
}
