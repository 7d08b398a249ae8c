import { setOf } from "../conditions.ts";
import type { Context, Ruleset, Segment } from "../model.ts";
import type { Outcome } from "../outcome.ts";
import {
  INSIDE,
  MEMBER,
  NAME,
  NO,
  OPERAND,
  OUTSIDE,
  type Program,
  REFERENCE,
  type Requirement,
  read,
  run,
  type Scope,
  SOURCE,
  SPLIT,
  STEP_SIZE,
  type Target,
  toUnit,
  YES,
} from "../program.ts";
import { pathsOf } from "./paths.ts";

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
  readonly #segments: Readonly<Record<string, Segment>>;
  readonly #paths: ReadonlyMap<object, string>;
  /** What the last step stands for. */
  #source: unknown;

  constructor(context: Context, ruleset: Ruleset) {
    this.#context = context;
    this.#segments = ruleset.segments;
    this.#paths = pathsOf(ruleset);
  }

  readonly trace = (program: Program, at: number, next: Target): void => {
    const source = program[at + SOURCE] as object;
    const code = program[at];
    const last = this.steps.at(-1);
    // A test of several values goes on over several steps.
    if (typeof code === "function" && last !== undefined && source === this.#source) {
      last.holds = this.#holds(program, at, next);
    } else if (code === SPLIT) this.#split(program, at, next, source);
    else if ("segment" in source) this.#segment(program, at, next, source as { segment: string });
    else this.#step(kindOf(code), source, program, at, next);
    this.#source = source;
  };

  /** Adds a step that holds or does not. */
  #step(kind: TraceStep["kind"], source: object, program: Program, at: number, next: Target): boolean {
    const holds = this.#holds(program, at, next);
    const asked = program[at] === REFERENCE ? {} : this.#asked(program, at);
    this.steps.push({ kind, path: this.#pathOf(source), ...asked, holds });
    return holds;
  }

  /** A segment is asked list by list, and then for its condition; it is told once that is over. */
  #segment(program: Program, at: number, next: Target, source: { segment: string }): void {
    const { included, excluded, when } = this.#segments[source.segment] as Segment;
    const told = (holds: boolean) => this.steps.push({ kind: "segment", path: this.#pathOf(source), holds });
    if (program[at] === REFERENCE) told(this.#holds(program, at, next));
    else {
      const isExcluding = program[at + OPERAND] === setOf(excluded);
      const holds = this.#step("list", isExcluding ? excluded : included, program, at, next);
      const isOver = when === undefined && (!isExcluding || included.length === 0);
      if (holds || isOver) told(holds && !isExcluding);
    }
  }

  #split(program: Program, at: number, next: Target, source: object): void {
    const asked = { path: this.#pathOf(source), ...this.#asked(program, at) };
    const unit = toUnit(asked.value);
    const bucketOf = program[at + OPERAND] as (unit: string) => number;
    const exact = unit === "" ? undefined : bucketOf(unit);
    const bucket = exact === undefined ? {} : { bucket: Math.floor(exact) };
    const below = program[at + STEP_SIZE] as number;
    if ("bucket" in source) {
      this.steps.push({ kind: "bucket", ...asked, ...bucket, holds: exact !== undefined && exact < below });
    } else {
      const variation = exact === undefined ? undefined : (next as Outcome).variation;
      this.steps.push({
        kind: "split",
        ...asked,
        ...bucket,
        ...(variation === undefined ? {} : { variation }),
      });
    }
  }

  #pathOf(source: object): string {
    return this.#paths.get(source) ?? "";
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
    if (program[at] === REFERENCE) return (program[at + OPERAND] as Requirement).to.memo === INSIDE;
    // Both ways lead to the same, so the question is asked again with ways of its own.
    const again: Program = [1, ...program.slice(at, at + STEP_SIZE)];
    again[1 + YES] = INSIDE;
    again[1 + NO] = OUTSIDE;
    return run(again, this.#context, NOWHERE) === INSIDE;
  }
}

function kindOf(code: unknown): TraceStep["kind"] {
  if (code === REFERENCE) return "prerequisite";
  return code === MEMBER ? "target" : "condition";
}
