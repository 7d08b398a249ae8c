import type { Context } from "./model.ts";
import type { Test } from "./operators/builtin.ts";
import { Outcome } from "./outcome.ts";

/**
 * A compiled flag or segment: where it starts, and then its steps, one after the other in one array, so that little memory is
 * touched. A step is a code, an operand, where it goes on if it holds and if not, the attribute it reads with its site, and the part of a
 * definition that it came from.
 */
export type Program = [start: Target, ...steps: unknown[]];

/** Where a program goes on: at a step, by its place in the program, or nowhere, since the outcome is there. */
export type Target = number | Outcome;

export const OPERAND = 1;
export const YES = 2;
export const NO = 3;
const SITE = 4;
export const NAME = 5;
export const SOURCE = 6;
export const STEP_SIZE = 7;

// What a step does. A code that is no number is a test of a value against the operand.
/** Whether a segment holds, or another flag serves what is required of it. */
export const REFERENCE = 0;
/**
 * Goes on by the bucket of a unit, and with `no` where there is none. After the step come thresholds, each with where to go on below it;
 * the last is above all buckets.
 */
export const SPLIT = 1;
/** Whether a unit is in a set. */
export const MEMBER = 2;
export const EXISTS = 3;

/** The operand of `REFERENCE`. A segment is inside or not, and serves no variation. */
export interface Requirement {
  readonly to: Settled;
  readonly variations: readonly (string | undefined)[];
}

/** A flag or segment that others refer to; it settles once per evaluation, however many refer to it. */
export interface Settled {
  pass: number;
  memo: Outcome;
}

/** What lasts from one evaluation to the next. */
export interface Scope {
  /** Tells evaluations apart. */
  pass: number;
  /** The program of what others refer to, made where there is none. */
  programOf(settled: Settled): Program;
  trace?: (program: Program, at: number, next: Target) => void;
}

/** What the program of a segment ends in. */
export const INSIDE = new Outcome(undefined, undefined, "target");
export const OUTSIDE = new Outcome(undefined, undefined, "off");

/** How deep flags and segments may refer to one another. */
export const MAX_REFERENCE_DEPTH = 50;

/** Runs a flag's program for one evaluation. Never throws. */
export function decide(program: Program, context: Context, scope: Scope): Outcome {
  try {
    // Reading a field first tells the engine the shape, and then asking for the prototype costs nothing.
    const plain = context.targetingKey !== null && Object.getPrototypeOf(context) === Object.prototype;
    return run(program, plain ? context : { ...context }, scope);
  } catch {
    // Only a context throws: it is no object, or a getter or proxy of it fails. Then it says nothing.
    return run(program, {}, scope);
  }
}

/** Runs a program to its outcome, in a context whose prototype holds no attributes. */
export function run(program: Program, context: Context, scope: Scope): Outcome {
  scope.pass++;
  return follow(program, context, scope, 0);
}

function follow(program: Program, context: Context, scope: Scope, depth: number): Outcome {
  const { trace } = scope;
  let at = program[0];
  while (typeof at === "number") {
    const code = program[at] as number | Test;
    const operand = program[at + OPERAND];
    let holds = false;
    let arrow = NO;
    // An engine compares numbers at once, but asks a function of its own where one side may be anything.
    if (typeof code !== "function" && code === REFERENCE) {
      holds = satisfies(operand as Requirement, context, scope, depth);
    } else {
      const value = read(context, program, at);
      if (typeof code === "function") {
        holds = Array.isArray(value) ? passesAny(code, value, operand) : code(value, operand as never);
      } else if (code === EXISTS) {
        holds = value !== undefined && value !== null;
      } else {
        const unit = toUnit(value);
        if (code === MEMBER) holds = unit !== "" && (operand as ReadonlySet<string>).has(unit);
        else if (unit !== "") arrow = shareOf((operand as (unit: string) => number)(unit), program, at);
      }
    }
    const next = program[at + (holds ? YES : arrow)] as Target;
    trace?.(program, at, next);
    at = next;
  }
  return at;
}

/** Which arrow of a split a bucket takes. */
function shareOf(bucket: number, program: Program, at: number): number {
  let arrow = STEP_SIZE + 1;
  while (bucket >= (program[at + arrow - 1] as number)) arrow += 2;
  return arrow;
}

function passesAny(test: Test, values: readonly unknown[], operand: unknown): boolean {
  return values.some((value, place) => test(value, operand as never, place));
}

function satisfies({ to, variations }: Requirement, context: Context, scope: Scope, depth: number): boolean {
  if (depth >= MAX_REFERENCE_DEPTH) return false;
  if (to.pass !== scope.pass) {
    to.pass = scope.pass;
    // What asks for itself while it is being decided, in a cycle, finds this.
    to.memo = OUTSIDE;
    to.memo = follow(scope.programOf(to), context, scope, depth + 1);
  }
  const { variation, reason } = to.memo;
  const decided = reason === "target" || reason === "rule" || reason === "fallthrough";
  return decided && variations.includes(variation);
}

/** How many attributes have a site of their own in `read`. */
const SITES = 8;
/** A name that is not all there is to it: a dotted one is a path, too, and some are inherited by every object. */
const PATH = -2;

/** What a step holds about the attribute it reads: its site, and its name or path. */
export function attributeOf(name: string, sites: string[]): [site: number, name: string | string[]] {
  if (name.includes(".") || name in Object.prototype) return [PATH, [name, ...name.split(".")]];
  if (!sites.includes(name) && sites.length < SITES) sites.push(name);
  return [sites.indexOf(name), name];
}

/** What a step reads. An engine remembers where a field is by the place that asks for it, so the first names have their own. */
export function read(context: Context, program: Program, at: number): unknown {
  const name = program[at + NAME] as string;
  switch (program[at + SITE]) {
    case 0:
      return context[name];
    case 1:
      return context[name];
    case 2:
      return context[name];
    case 3:
      return context[name];
    case 4:
      return context[name];
    case 5:
      return context[name];
    case 6:
      return context[name];
    case 7:
      return context[name];
    case PATH:
      return readPath(context, program[at + NAME] as string[]);
    default:
      return context[name];
  }
}

/** The exact key first, then the dotted path; `null` is absent. */
function readPath(context: Context, path: string[]): unknown {
  let value: unknown = context;
  for (let i = 1; i < path.length; i++) value = own(value, path[i] as string);
  return own(context, path[0] as string) ?? value;
}

function own(object: unknown, name: string): unknown {
  const isThere =
    typeof object === "object" && object && !Array.isArray(object) && Object.hasOwn(object, name);
  return isThere ? (object as Context)[name] : undefined;
}

/** A unit is a non-empty string or a finite number; the empty string stands for anything else. */
export function toUnit(value: unknown): string {
  return typeof value === "string" ? value : Number.isFinite(value) ? String(value) : "";
}
