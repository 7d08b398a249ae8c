import { TOTAL_WEIGHT } from "./hash.ts";
import type { AttributeTest, BucketTest, Condition, Flag, Reason, Segment, Serve, Split } from "./model.ts";
import { builtin, type Matcher } from "./operators/builtin.ts";
import type { AlgorithmModule, OperatorModule } from "./operators/modules.ts";
import { Outcome } from "./outcome.ts";
import {
  attributeOf,
  BELOW,
  BUCKET,
  EXISTS,
  INSIDE,
  MAX_REFERENCE_DEPTH,
  MEMBER,
  OUTSIDE,
  type Program,
  REQUIREMENT,
  type Requirement,
  SEGMENT,
  type Settled,
  STEP_SIZE,
  type Target,
} from "./program.ts";

/** How deep conditions may nest before they count as a shape that is not known. */
export const MAX_NESTING = 100;

/** A segment, and how many segments deep it refers to others, itself included. */
export interface SegmentProgram extends Settled {
  readonly definition: Segment | undefined;
  program: Program | undefined;
  height: number;
}

/** What flags and segments are compiled against. */
export interface Library {
  flag(key: string): Settled;
  segment(key: string): SegmentProgram;
  readonly operators: ReadonlyMap<string, OperatorModule["compile"]>;
  /** The native one has no name. */
  readonly algorithms: ReadonlyMap<string | undefined, AlgorithmModule["prepare"]>;
  /** The attributes that have a site of their own. */
  readonly sites: string[];
  /** Told which part of a definition became which step. */
  note?(program: Program, at: Target, source: object): void;
}

/** A program that is being written, backwards: where a step leads is already there when the step is made. */
interface Draft {
  readonly program: Program;
  readonly library: Library;
  /** How many segments deep it is referred to, and refers to others. */
  readonly depth: number;
  height: number;
}

/** Compiles a flag. One that is not understood, whatever the reason, serves its off variation. */
export function compileFlag(key: string, flag: Flag | undefined, killed: boolean, library: Library): Program {
  // What is no list of variations holds no off variation, and what has none is no flag.
  const variations = new Map([flag?.variations].flat().map((variation) => [variation?.id, variation]));
  const off = variations.get(flag?.off);
  if (flag === undefined || off?.value === undefined) return [new Outcome(key, "flag-not-found")];
  const serveOff: ServeOff = (reason, prerequisite) =>
    new Outcome(key, reason, off, undefined, undefined, prerequisite);
  const serve: ServeVariation = (id, reason, split, ruleId) => {
    const variation = variations.get(id);
    if (variation?.value === undefined) throw id;
    return new Outcome(key, reason, variation, split, ruleId);
  };
  if (killed) return [serveOff("killed")];
  if (flag.on !== true) return [serveOff("off")];
  try {
    return compile(library, (draft) => writeFlag(draft, flag, serve, serveOff));
  } catch {
    return [serveOff("unsupported")];
  }
}

/** Compiles a condition to a program that ends in `INSIDE` or `OUTSIDE`; throws on what it does not understand. */
export function compileCondition(condition: Condition, library: Library): Program {
  return compile(library, (draft) => writeCondition(draft, condition, INSIDE, OUTSIDE));
}

/** Compiles the question whether a unit is one of some values, to a program that ends in `INSIDE` or `OUTSIDE`. */
export function compileMembership(unit: string, values: readonly string[], library: Library): Program {
  return compile(library, (draft) => writeMember(draft, unit, values, INSIDE, OUTSIDE));
}

type BucketSource = Pick<BucketTest, "unit" | "seed" | "algorithm">;
type ServeOff = (reason: Reason, prerequisite?: string) => Outcome;
type ServeVariation = (id: string, reason: Reason, split?: boolean, ruleId?: string) => Outcome;

function compile(library: Library, write: (draft: Draft) => Target): Program {
  const draft: Draft = { program: [OUTSIDE], library, depth: 0, height: 0 };
  draft.program[0] = write(draft);
  return draft.program;
}

function write(
  { program, library }: Draft,
  code: unknown,
  operand: unknown,
  yes: Target,
  no: Target,
  attribute = "",
): Target {
  return program.push(code, operand, yes, no, ...attributeOf(attribute, library.sites)) - STEP_SIZE;
}

function note({ library, program }: Draft, at: Target, source: object): Target {
  library.note?.(program, at, source);
  return at;
}

function writeFlag(
  draft: Draft,
  { seed, rules, targets, prerequisites, fallthrough }: Flag,
  serve: ServeVariation,
  serveOff: ServeOff,
): Target {
  const writeServe = (served: Serve, reason: Reason, ruleId?: string): Target =>
    "split" in served
      ? note(
          draft,
          writeSplit(
            draft,
            { seed, ...served.split },
            (id) => serve(id, reason, true, ruleId),
            serveOff("unit-missing"),
          ),
          served,
        )
      : serve(served.variation, reason, false, ruleId);
  let entry = writeServe(fallthrough, "fallthrough");
  entry = rules.reduceRight(
    (next, { id, when, serve }) => writeCondition(draft, when, writeServe(serve, "rule", id), next),
    entry,
  );
  entry = targets.reduceRight((next, target) => {
    const { unit, values, variation, found } = target;
    const served = serve(variation, "target");
    return found === true ? served : note(draft, writeMember(draft, unit, values, served, next), target);
  }, entry);
  return prerequisites.reduceRight((next, prerequisite) => {
    const { flag, variations } = prerequisite;
    const requirement: Requirement = { flag: draft.library.flag(flag), variations: [...variations] };
    const failed = serveOff("prerequisite-failed", flag);
    return note(draft, write(draft, REQUIREMENT, requirement, next, failed), prerequisite);
  }, entry);
}

function writeSplit(
  draft: Draft,
  split: Split & BucketSource,
  serve: (id: string) => Outcome,
  missing: Outcome,
): Target {
  const sum = split.weights.reduce((sum, { weight }) => sum + weight, 0);
  if (sum !== TOTAL_WEIGHT) throw sum;
  let above = sum;
  const drawn = split.weights.reduceRight<Target | undefined>((next, { variation, weight }) => {
    const served = serve(variation);
    // A bucket past every sum, which no algorithm should give, stays with the last.
    const step = next === undefined ? served : write(draft, BELOW, above, served, next);
    above -= weight;
    return step;
  }, undefined);
  return writeBucket(draft, split, drawn as Target, missing);
}

function writeBucket(draft: Draft, { unit, seed, algorithm }: BucketSource, yes: Target, no: Target): Target {
  // An algorithm that is not known cannot be called, which throws.
  const prepare = draft.library.algorithms.get(algorithm) as AlgorithmModule["prepare"];
  return write(draft, BUCKET, prepare(seed), yes, no, unit);
}

function writeMember(draft: Draft, unit: string, values: readonly string[], yes: Target, no: Target): Target {
  return values.length === 0 ? no : write(draft, MEMBER, setOf(values), yes, no, unit);
}

function writeCondition(draft: Draft, condition: Condition, yes: Target, no: Target, nesting = 0): Target {
  if (nesting > MAX_NESTING) throw nesting;
  const part = (inner: Condition, yes: Target, no: Target) =>
    writeCondition(draft, inner, yes, no, nesting + 1);
  const whole = (): Target => {
    if ("all" in condition)
      return condition.all.reduceRight<Target>((next, inner) => part(inner, next, no), yes);
    if ("any" in condition)
      return condition.any.reduceRight<Target>((next, inner) => part(inner, yes, next), no);
    if ("not" in condition) return part(condition.not, no, yes);
    if ("segment" in condition) return writeSegment(draft, condition.segment, yes, no);
    if ("attribute" in condition) return writeTest(draft, condition, yes, no);
    const { bucket } = condition;
    return writeBucket(draft, bucket, write(draft, BELOW, bucket.below, yes, no), no);
  };
  return note(draft, whole(), condition);
}

function writeTest(draft: Draft, test: AttributeTest, yes: Target, no: Target): Target {
  const { attribute, operator, values = [], ignoreCase } = test;
  if (operator === "exists") return write(draft, EXISTS, 0, yes, no, attribute);
  const custom = draft.library.operators.get(operator)?.(values, ignoreCase === true);
  const matchers = typeof custom === "function" ? [[custom, 0]] : builtin(operator, values, ignoreCase);
  return (matchers as Matcher[]).reduceRight<Target>(
    (next, [test, literal]) => write(draft, test, literal, yes, next, attribute),
    no,
  );
}

function writeSegment(draft: Draft, key: string, yes: Target, no: Target): Target {
  const segment = draft.library.segment(key);
  const { unit, included, excluded, when } = segment.definition as Segment;
  // Mere lists are looked up in place, which saves settling them; conditions would be multiplied.
  if (when === undefined) {
    return writeMember(draft, unit, excluded, no, writeMember(draft, unit, included, yes, no));
  }
  const depth = draft.depth + 1;
  if (depth > MAX_REFERENCE_DEPTH) throw depth;
  if (segment.program === undefined) {
    const inner: Draft = { ...draft, program: [OUTSIDE], depth, height: 0 };
    const otherwise = writeCondition(inner, when, INSIDE, OUTSIDE);
    const among = note(inner, writeMember(inner, unit, included, INSIDE, otherwise), included);
    inner.program[0] = note(inner, writeMember(inner, unit, excluded, OUTSIDE, among), excluded);
    segment.height = inner.height + 1;
    segment.program = inner.program;
  }
  if (draft.depth + segment.height > MAX_REFERENCE_DEPTH) throw depth;
  draft.height = Math.max(draft.height, segment.height);
  return write(draft, SEGMENT, segment, yes, no);
}

/** The units of each list, made once however many flags look into it. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(values: readonly string[]): ReadonlySet<string> {
  const set = sets.get(values) ?? new Set(values.map(String));
  sets.set(values, set);
  return set;
}
