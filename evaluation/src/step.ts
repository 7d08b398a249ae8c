import { type HashState, murmur3, scale } from "./hash.ts";
import type { Context } from "./model.ts";
import { matches } from "./operators/builtin.ts";
import { Outcome } from "./outcome.ts";

/** What a step does, beside the codes of operators; the numbers have no meaning outside a compiled program. */
export const SERVE = 0;
export const SEGMENT = 1;
export const PREREQUISITE = 2;
export const EXISTS = 3;
export const MEMBER = 4;
export const BRANCH = 5;

/** One step of a compiled flag or segment. All have one shape, so that one loop runs them fast. */
export class Step {
  readonly code: number;
  readonly operand: unknown;
  /** The attribute it reads, where the exact key is all there is to it. */
  readonly name: string;
  /** How it is read otherwise: a dotted key that names a path, too, or one that every object inherits. */
  readonly path: readonly string[] | undefined;
  readonly yes: Step;
  readonly no: Step;

  constructor(code: number, name: string, operand: unknown, yes?: Step, no?: Step) {
    this.code = code;
    this.operand = operand;
    this.name = name;
    this.path = name.includes(".") || name in Object.prototype ? name.split(".") : undefined;
    this.yes = yes ?? this;
    this.no = no ?? this;
  }
}

/** The operand of `BRANCH`: a unit's bucket leads to the step of the first sum above it, or to the last one. */
export interface Branches {
  readonly start: HashState;
  /** Stands in for the native hash. */
  readonly custom: ((unit: string) => number) | undefined;
  readonly sums: readonly number[];
  readonly steps: readonly Step[];
}

/** The operand of `PREREQUISITE`. */
export interface Requirement {
  readonly flag: Settled;
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

/** Runs a flag's program for one evaluation. Never throws. */
export function decide(entry: Step, context: Context, scope: Scope): Outcome {
  scope.pass++;
  scope.depth = 0;
  try {
    // Reading a field first tells the engine the shape, and then asking for the prototype costs nothing.
    const plain = context.targetingKey !== null && Object.getPrototypeOf(context) === Object.prototype;
    return run(entry, plain ? context : { ...context }, scope);
  } catch {
    // Only a context throws: it is no object, or a getter or proxy of it fails. Then it says nothing.
    scope.pass++;
    scope.depth = 0;
    return run(entry, {}, scope);
  }
}

/** Runs a program to its outcome, in a context whose prototype holds no attributes. */
export function run(entry: Step, context: Context, scope: Scope): Outcome {
  let step = entry;
  while (step.code !== SERVE) {
    const next = follow(step, context, scope);
    if (scope.trace !== undefined) scope.trace(step, next);
    step = next;
  }
  return step.operand as Outcome;
}

function follow(step: Step, context: Context, scope: Scope): Step {
  const { code, operand } = step;
  if (code === SEGMENT) return settle(operand as Settled, context, scope) === INSIDE ? step.yes : step.no;
  if (code === PREREQUISITE) return satisfies(operand as Requirement, context, scope) ? step.yes : step.no;
  const value = step.path === undefined ? context[step.name] : read(context, step);
  if (value === undefined || value === null) return step.no;
  if (code > BRANCH) {
    const holds = typeof value === "object" ? matchesAny(step, value) : matches(step, value);
    return holds ? step.yes : step.no;
  }
  if (code === EXISTS) return step.yes;
  const unit = toUnit(value);
  if (unit === undefined) return step.no;
  if (code === BRANCH) return branch(operand as Branches, unit);
  return (operand as ReadonlySet<string>).has(unit) ? step.yes : step.no;
}

function matchesAny(step: Step, values: object): boolean {
  return Array.isArray(values) && values.some((value) => value != null && matches(step, value));
}

function branch(branches: Branches, unit: string): Step {
  const { sums, steps } = branches;
  const bucket = toBucket(branches, unit);
  let i = 0;
  while (i < sums.length && bucket >= (sums[i] as number)) i++;
  return steps[i] as Step;
}

function satisfies({ flag, variations }: Requirement, context: Context, scope: Scope): boolean {
  if (scope.depth >= MAX_REFERENCE_DEPTH) return false;
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
export function read(context: Context, { name, path = [name] }: Step): unknown {
  const value = own(context, name);
  if (value !== undefined && value !== null) return value;
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
export function toBucket({ start, custom }: Branches, unit: string): number {
  return custom === undefined ? scale(murmur3(unit, start)) : custom(unit);
}
