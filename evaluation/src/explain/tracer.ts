import type { Context } from "../model.ts";
import type { Outcome } from "../outcome.ts";
import {
  BRANCH,
  type Branches,
  INSIDE,
  MEMBER,
  OUTSIDE,
  PREREQUISITE,
  read,
  run,
  SEGMENT,
  SERVE,
  Step,
  toBucket,
  toUnit,
} from "../step.ts";

/** One step of a decision. */
export interface TraceStep {
  kind: "killed" | "on" | "prerequisite" | "target" | "list" | "segment" | "condition" | "bucket" | "split";
  /** Where it stands in the ruleset, as a JSON pointer. */
  path: string;
  /** Whether it holds; a split does not. */
  holds?: boolean;
  /** What it read, and found. */
  attribute?: string;
  value?: unknown;
  /** Where the unit fell, from 0 to 99999. */
  bucket?: number;
  /** What a split served; absent where the unit was missing. */
  variation?: string;
}

/** Turns the steps of a running program into what a person can follow. */
export class Tracer {
  readonly steps: TraceStep[] = [];
  readonly #context: Context;
  readonly #paths: ReadonlyMap<object, string>;
  readonly #sources = new Map<Step, object>();

  constructor(context: Context, paths: ReadonlyMap<object, string>) {
    this.#context = context;
    this.#paths = paths;
  }

  /** Parts are told inside out: the first is what the step stands for. */
  note(step: Step, source: object): void {
    if (!this.#sources.has(step)) this.#sources.set(step, source);
  }

  readonly trace = (step: Step, next: Step): void => {
    const source = this.#sources.get(step);
    const holds = this.#holds(step, next);
    const last = this.steps.at(-1);
    if (source !== undefined) this.steps.push(this.#describe(step, next, source, holds));
    // A test of several values, or a list in place of its segment, goes on over several steps.
    else if (last !== undefined) last.holds = holds;
  };

  #describe(step: Step, next: Step, source: object, holds: boolean): TraceStep {
    const path = this.#paths.get(source) ?? "";
    if (step.code === PREREQUISITE) return { kind: "prerequisite", path, holds };
    if (step.code === SEGMENT) return { kind: "segment", path, holds };
    const value = read(this.#context, step);
    const asked = { path, attribute: step.name, ...(value === undefined ? {} : { value }) };
    if (step.code === BRANCH) return this.#describeBranch(step, next, source, asked, holds);
    if (step.code !== MEMBER) return { kind: "condition", ...asked, holds };
    const kind = Array.isArray(source) ? "list" : "segment" in source ? "segment" : "target";
    return { kind, ...asked, holds };
  }

  #describeBranch(
    step: Step,
    next: Step,
    source: object,
    asked: Pick<TraceStep, "path" | "attribute" | "value">,
    holds: boolean,
  ): TraceStep {
    const unit = toUnit(asked.value);
    const bucket = unit === undefined ? {} : { bucket: Math.floor(toBucket(step.operand as Branches, unit)) };
    if ("bucket" in source) return { kind: "bucket", ...asked, ...bucket, holds };
    const variation = unit === undefined ? undefined : (next.operand as Outcome).variation;
    return { kind: "split", ...asked, ...bucket, ...(variation === undefined ? {} : { variation }) };
  }

  #holds(step: Step, next: Step): boolean {
    const { code, name, operand, yes, no } = step;
    if (yes !== no) return next === yes;
    if (code === BRANCH) {
      const [end = 0] = (operand as Branches).sums;
      const unit = toUnit(read(this.#context, step));
      return unit !== undefined && toBucket(operand as Branches, unit) < end;
    }
    // Both ways lead to the same, so the question is asked again with ways of its own.
    const again = new Step(code, name, operand, new Step(SERVE, "", INSIDE), new Step(SERVE, "", OUTSIDE));
    return run(again, this.#context, { pass: -1, depth: 0 }) === INSIDE;
  }
}
