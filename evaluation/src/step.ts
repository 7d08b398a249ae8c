import { type HashState, murmur3, scale } from "./hash.ts";
import type { Context } from "./model.ts";
import { type Matcher, matches } from "./operators/builtin.ts";
import { Outcome } from "./outcome.ts";

/** What a step does; the numbers have no meaning outside a compiled program. */
export const SERVE = 0;
export const SPLIT = 1;
export const BUCKET = 2;
export const SEGMENT = 3;
export const PREREQUISITE = 4;
export const MEMBER = 5;
export const EXISTS = 6;
export const MATCH = 7;

/** One step of a compiled flag or segment. All have one shape, so that one loop runs them fast. */
export class Step {
  readonly op: number;
  /** The attribute it reads; a dotted one has a path as well. */
  readonly name: string;
  readonly path: readonly string[] | undefined;
  readonly operand: unknown;
  readonly yes: Step;
  readonly no: Step;

  constructor(op: number, name: string, operand: unknown, yes?: Step, no?: Step) {
    this.op = op;
    this.name = name;
    this.path = name.includes(".") ? name.split(".") : undefined;
    this.operand = operand;
    this.yes = yes ?? this;
    this.no = no ?? this;
  }
}

/** How a unit becomes a bucket. */
export interface Bucketing {
  readonly start: HashState;
  /** Stands in for the native hash. */
  readonly custom: ((unit: string) => number) | undefined;
}

/** The operand of `BUCKET`. */
export interface Threshold extends Bucketing {
  readonly below: number;
}

/** The operand of `SPLIT`: the first sum above the bucket names the step. */
export interface Branches extends Bucketing {
  readonly sums: readonly number[];
  readonly steps: readonly Step[];
}

/** The operand of `PREREQUISITE`. */
export interface Requirement {
  readonly flag: Settled | undefined;
  readonly variations: readonly string[];
}

/** A flag or segment that others refer to; it settles once per evaluation, however many refer to it. */
export interface Settled {
  pass: number;
  memo: Outcome | undefined;
  readonly entry: Step;
}

/** What lasts for one evaluation. */
export interface Scope {
  /** Tells evaluations apart. */
  pass: number;
  depth: number;
  trace?: (step: Step, next: Step) => void;
}

/** What the program of a segment ends in. */
export const INSIDE = new Outcome("", "target");
export const OUTSIDE = new Outcome("", "fallthrough");

/** How deep flags and segments may refer to one another. */
export const MAX_REFERENCE_DEPTH = 50;

/** Runs a program to its outcome. */
export function run(entry: Step, context: Context, scope: Scope): Outcome {
  let step = entry;
  while (step.op !== SERVE) {
    const next =
      step.op === SPLIT ? branch(step, context) : passes(step, context, scope) ? step.yes : step.no;
    scope.trace?.(step, next);
    step = next;
  }
  return step.operand as Outcome;
}

function passes(step: Step, context: Context, scope: Scope): boolean {
  const { op } = step;
  if (op === SEGMENT) return settle(step.operand as Settled, context, scope) === INSIDE;
  if (op === PREREQUISITE) return satisfies(step.operand as Requirement, context, scope);
  const value = read(context, step);
  if (value === undefined) return false;
  switch (op) {
    case MATCH:
      return typeof value === "object"
        ? Array.isArray(value) && matchesAny(step.operand as Matcher, value)
        : matches(step.operand as Matcher, value);
    case MEMBER: {
      const unit = toUnit(value);
      return unit !== undefined && (step.operand as Set<string>).has(unit);
    }
    case BUCKET: {
      const unit = toUnit(value);
      const threshold = step.operand as Threshold;
      return unit !== undefined && toBucket(threshold, unit) < threshold.below;
    }
    default:
      return true;
  }
}

function matchesAny(matcher: Matcher, values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value != null && matches(matcher, value)) return true;
  }
  return false;
}

function branch(step: Step, context: Context): Step {
  const unit = toUnit(read(context, step));
  if (unit === undefined) return step.no;
  const branches = step.operand as Branches;
  const { sums, steps } = branches;
  const bucket = toBucket(branches, unit);
  let i = 0;
  while (i < sums.length - 1 && bucket >= (sums[i] as number)) i++;
  return steps[i] as Step;
}

function satisfies({ flag, variations }: Requirement, context: Context, scope: Scope): boolean {
  if (flag === undefined || scope.depth >= MAX_REFERENCE_DEPTH) return false;
  scope.depth++;
  const outcome = settle(flag, context, scope);
  scope.depth--;
  if (outcome?.variation === undefined) return false;
  const { reason } = outcome;
  const decided = reason === "target" || reason === "rule" || reason === "fallthrough";
  return decided && variations.includes(outcome.variation);
}

/** The outcome of what is referred to; nothing while it is itself being decided, which is a cycle. */
function settle(settled: Settled, context: Context, scope: Scope): Outcome | undefined {
  if (settled.pass !== scope.pass) {
    settled.pass = scope.pass;
    settled.memo = undefined;
    settled.memo = run(settled.entry, context, scope);
  }
  return settled.memo;
}

/** The attribute a step reads: the exact key first, then the dotted path; `null` is absent. */
export function read(context: Context, { name, path }: Step): unknown {
  const value = own(context, name);
  if (value !== undefined && value !== null) return value;
  if (path === undefined) return undefined;
  let at: unknown = context;
  for (const part of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    at = own(at as Context, part);
  }
  return at ?? undefined;
}

function own(object: Context, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A unit is a non-empty string or a finite number; anything else is absent. */
export function toUnit(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** Where a unit falls; compared with sums of weights, so that native buckets need no rounding. */
export function toBucket({ start, custom }: Bucketing, unit: string): number {
  return custom === undefined ? scale(murmur3(unit, start)) : custom(unit);
}
