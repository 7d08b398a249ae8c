import type { JsonValue } from "../model.ts";

/** An operator that not every evaluator carries, registered by whoever needs it. */
export interface OperatorModule {
  readonly name: string;
  /** A test of one value, whatever it is (a list's elements come one by one), or why the values are refused. */
  compile(values: readonly JsonValue[], ignoreCase: boolean): ((value: unknown) => boolean) | string;
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
