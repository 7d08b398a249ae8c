import type { Context } from "../model.ts";
import {
  BELOW,
  BUCKET,
  INSIDE,
  MEMBER,
  NAME,
  NO,
  OPERAND,
  OUTSIDE,
  type Program,
  REQUIREMENT,
  read,
  run,
  type Scope,
  SEGMENT,
  SOURCE,
  STEP_SIZE,
  type Target,
  toUnit,
  YES,
} from "../program.ts";

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

/** For a question of one step that refers to nothing. */
const NOWHERE: Scope = { pass: 0, programOf: () => [OUTSIDE] };

/** Turns the steps of a running program into what a person can follow. */
export class Tracer {
  readonly steps: TraceStep[] = [];
  readonly #context: Context;
  readonly #paths: ReadonlyMap<object, string>;
  /** What the last step stands for. */
  #source: unknown;

  constructor(context: Context, paths: ReadonlyMap<object, string>) {
    this.#context = context;
    this.#paths = paths;
  }

  readonly trace = (program: Program, at: number, next: Target): void => {
    const source = program[at + SOURCE] as object;
    const last = this.steps.at(-1);
    // A test of several values, and what a bucket is compared with, go on over several steps.
    const goesOn = last !== undefined && source === this.#source;
    this.#source = source;
    if (!goesOn) this.steps.push(this.#describe(program, at, next, source));
    else if (program[at] === BELOW) this.#endBranch(last, program, at, next);
    else last.holds = this.#holds(program, at, next);
  };

  #describe(program: Program, at: number, next: Target, source: object): TraceStep {
    const path = this.#paths.get(source) ?? "";
    const code = program[at];
    if (code === BUCKET) return this.#describeBucket(program, at, source, path);
    const holds = this.#holds(program, at, next);
    if (code === REQUIREMENT) return { kind: "prerequisite", path, holds };
    if (code === SEGMENT) return { kind: "segment", path, holds };
    const asked = { path, ...this.#asked(program, at), holds };
    if (code !== MEMBER) return { kind: "condition", ...asked };
    return { kind: Array.isArray(source) ? "list" : "target", ...asked };
  }

  #describeBucket(program: Program, at: number, source: object, path: string): TraceStep {
    const asked = { path, ...this.#asked(program, at) };
    const unit = toUnit(asked.value);
    const bucketOf = program[at + OPERAND] as (unit: string) => number;
    const bucket = unit === undefined ? {} : { bucket: Math.floor(bucketOf(unit)) };
    if ("bucket" in source) return { kind: "bucket", ...asked, ...bucket, holds: false };
    const drawn = program[at + YES] as Target;
    const variation = unit === undefined || typeof drawn === "number" ? undefined : drawn.variation;
    return { kind: "split", ...asked, ...bucket, ...(variation === undefined ? {} : { variation }) };
  }

  #endBranch(last: TraceStep, program: Program, at: number, next: Target): void {
    const { kind, bucket = 0 } = last;
    if (kind === "bucket") last.holds = bucket < (program[at + OPERAND] as number);
    else if (typeof next !== "number" && next.variation !== undefined) last.variation = next.variation;
  }

  /** What a step read, and found. */
  #asked(program: Program, at: number): { attribute: string; value?: unknown } {
    const name = program[at + NAME] as string | string[];
    const attribute = typeof name === "string" ? name : (name[0] as string);
    const value = read(this.#context, program, at) ?? undefined;
    return { attribute, ...(value === undefined ? {} : { value }) };
  }

  #holds(program: Program, at: number, next: Target): boolean {
    const [yes, no] = [program[at + YES], program[at + NO]];
    if (yes !== no) return next === yes;
    // Both ways lead to the same, so the question is asked again with ways of its own.
    const again: Program = [1, ...program.slice(at, at + STEP_SIZE)];
    again[1 + YES] = INSIDE;
    again[1 + NO] = OUTSIDE;
    return run(again, this.#context, NOWHERE) === INSIDE;
  }
}
