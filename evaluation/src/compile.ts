import { hashState, TOTAL_WEIGHT } from "./hash.ts";
import type { Condition, Flag, Reason, Segment, Serve, Split, Variation } from "./model.ts";
import { builtin, CUSTOM, type Matcher } from "./operators/builtin.ts";
import type { AlgorithmModule, OperatorModule } from "./operators/modules.ts";
import { Outcome } from "./outcome.ts";
import {
  BRANCH,
  type Branches,
  EXISTS,
  INSIDE,
  MAX_REFERENCE_DEPTH,
  MEMBER,
  OUTSIDE,
  PREREQUISITE,
  SEGMENT,
  SERVE,
  type Settled,
  Step,
} from "./step.ts";

/** How deep conditions may nest before they count as a shape that is not known. */
const MAX_NESTING = 100;

/** A segment, and how many segments deep it refers to others, itself included. */
export interface SegmentProgram extends Settled {
  readonly definition: Segment | undefined;
  program: Step | undefined;
  height: number;
}

/** What flags and segments are compiled against. */
export interface Library {
  flag(key: string): Settled;
  segment(key: string): SegmentProgram;
  readonly operators: ReadonlyMap<string, OperatorModule>;
  readonly algorithms: ReadonlyMap<string, AlgorithmModule>;
  /** Told which part of a definition became which step. */
  note?(step: Step, source: object): void;
}

/** Compiles a flag. One that is not understood, whatever the reason, serves its off variation. */
export function compileFlag(key: string, flag: Flag | undefined, killed: boolean, library: Library): Step {
  // What is no list of variations holds no off variation, and what has none is no flag.
  const variations = new Map([flag?.variations].flat().map((variation) => [variation?.id, variation]));
  const off = variations.get(flag?.off);
  if (flag === undefined || off?.value === undefined) return serve(new Outcome(key, "flag-not-found"));
  const compiler = new FlagCompiler(key, flag, off, variations, library);
  if (killed) return compiler.serveOff("killed");
  if (flag.on !== true) return compiler.serveOff("off");
  try {
    return compiler.compile();
  } catch {
    return compiler.serveOff("unsupported");
  }
}

/** Compiles a condition to a program that ends in `INSIDE` or `OUTSIDE`; throws on what it does not understand. */
export function compileCondition(condition: Condition, library: Library): Step {
  return new ConditionCompiler(library, 0).compile(condition, serve(INSIDE), serve(OUTSIDE));
}

/** Compiles the question whether a unit is one of some values, to a program that ends in `INSIDE` or `OUTSIDE`. */
export function compileMembership(unit: string, values: readonly string[]): Step {
  return member(unit, values, serve(INSIDE), serve(OUTSIDE));
}

/** Compiles backwards: where a step leads is already there when the step is made. Throws on what it does not understand. */
class ConditionCompiler {
  height = 0;
  readonly #library: Library;
  readonly #depth: number;

  constructor(library: Library, depth: number) {
    this.#library = library;
    this.#depth = depth;
  }

  compile(condition: Condition, yes: Step, no: Step, nesting = 0): Step {
    if (nesting > MAX_NESTING) throw nesting;
    const step = this.#compile(condition, yes, no, nesting + 1);
    this.#library.note?.(step, condition);
    return step;
  }

  #compile(condition: Condition, yes: Step, no: Step, nesting: number): Step {
    if ("all" in condition) {
      return condition.all.reduceRight<Step>((next, part) => this.compile(part, next, no, nesting), yes);
    }
    if ("any" in condition) {
      return condition.any.reduceRight<Step>((next, part) => this.compile(part, yes, next, nesting), no);
    }
    if ("not" in condition) return this.compile(condition.not, no, yes, nesting);
    if ("segment" in condition) return this.#segment(condition.segment, yes, no);
    if ("bucket" in condition) {
      const { unit, seed, algorithm, below } = condition.bucket;
      return new Step(BRANCH, unit, branches(seed, algorithm, [below], [yes, no], this.#library), yes, no);
    }
    const { attribute, operator, values = [], ignoreCase } = condition;
    if (operator === "exists") return new Step(EXISTS, attribute, 0, yes, no);
    const custom = this.#library.operators.get(operator)?.compile(values, ignoreCase === true);
    if (typeof custom === "function") return new Step(CUSTOM, attribute, custom, yes, no);
    const matchers = builtin(operator, values, ignoreCase) as Matcher[];
    return matchers.reduceRight<Step>(
      (next, { code, operand }) => new Step(code, attribute, operand, yes, next),
      no,
    );
  }

  #segment(key: string, yes: Step, no: Step): Step {
    const segment = this.#library.segment(key);
    const depth = this.#depth + 1;
    if (depth > MAX_REFERENCE_DEPTH) throw depth;
    segment.program ??= compileSegment(segment, this.#library, depth);
    if (depth + segment.height > MAX_REFERENCE_DEPTH + 1) throw depth;
    this.height = Math.max(this.height, segment.height);
    const { program, definition } = segment;
    // Mere lists are looked up in place, which saves settling them; conditions would be multiplied.
    if (program !== undefined && definition?.when === undefined) return graft(program, yes, no);
    return new Step(SEGMENT, "", segment, yes, no);
  }
}

/** A copy of a segment's program that goes on where the segment's users do. */
function graft({ code, name, operand, yes: inside, no: outside }: Step, yes: Step, no: Step): Step {
  if (code === SERVE) return operand === INSIDE ? yes : no;
  return new Step(code, name, operand, graft(inside, yes, no), graft(outside, yes, no));
}

function compileSegment(segment: SegmentProgram, library: Library, depth: number): Step {
  const { unit, included, excluded, when } = segment.definition as Segment;
  const compiler = new ConditionCompiler(library, depth);
  const inside = serve(INSIDE);
  const outside = serve(OUTSIDE);
  const otherwise = when === undefined ? outside : compiler.compile(when, inside, outside);
  segment.height = compiler.height + 1;
  const among = member(unit, included, inside, otherwise);
  const entry = member(unit, excluded, outside, among);
  library.note?.(among, included);
  library.note?.(entry, excluded);
  return entry;
}

class FlagCompiler {
  readonly #key: string;
  readonly #flag: Flag;
  readonly #off: Variation;
  readonly #variations: ReadonlyMap<string | undefined, Variation | undefined>;
  readonly #library: Library;

  constructor(
    key: string,
    flag: Flag,
    off: Variation,
    variations: ReadonlyMap<string | undefined, Variation | undefined>,
    library: Library,
  ) {
    this.#key = key;
    this.#flag = flag;
    this.#off = off;
    this.#variations = variations;
    this.#library = library;
  }

  compile(): Step {
    const { rules, targets, prerequisites, fallthrough } = this.#flag;
    const conditions = new ConditionCompiler(this.#library, 0);
    let entry = this.#serve(fallthrough, "fallthrough");
    entry = rules.reduceRight(
      (next, { id, when, serve }) => conditions.compile(when, this.#serve(serve, "rule", id), next),
      entry,
    );
    entry = targets.reduceRight((next, target) => {
      const { unit, values, variation, found } = target;
      const served = this.#outcome(variation, "target");
      return found === true ? served : this.#note(member(unit, values, served, next), target);
    }, entry);
    return prerequisites.reduceRight((next, prerequisite) => {
      const operand = {
        flag: this.#library.flag(prerequisite.flag),
        variations: [...prerequisite.variations],
      };
      const failed = this.serveOff("prerequisite-failed", prerequisite.flag);
      return this.#note(new Step(PREREQUISITE, "", operand, next, failed), prerequisite);
    }, entry);
  }

  serveOff(reason: Reason, prerequisite?: string): Step {
    return serve(new Outcome(this.#key, reason, this.#off, undefined, undefined, prerequisite));
  }

  #serve(target: Serve, reason: Reason, ruleId?: string): Step {
    if (!("split" in target)) return this.#outcome(target.variation, reason, false, ruleId);
    return this.#note(this.#split(target.split, reason, ruleId), target);
  }

  #split({ unit, seed = this.#flag.seed, algorithm, weights }: Split, reason: Reason, ruleId?: string): Step {
    let sum = 0;
    const sums = weights.map(({ weight }) => (sum += weight));
    if (sum !== TOTAL_WEIGHT) throw sum;
    const steps = weights.map(({ variation }) => this.#outcome(variation, reason, true, ruleId));
    // A bucket past every sum, which no algorithm should give, stays with the last.
    const operand = branches(seed, algorithm, sums.slice(0, -1), steps, this.#library);
    return new Step(BRANCH, unit, operand, undefined, this.serveOff("unit-missing"));
  }

  #outcome(id: string, reason: Reason, split?: boolean, ruleId?: string): Step {
    const variation = this.#variations.get(id);
    if (variation?.value === undefined) throw id;
    return serve(new Outcome(this.#key, reason, variation, split, ruleId));
  }

  #note(step: Step, source: object): Step {
    this.#library.note?.(step, source);
    return step;
  }
}

function branches(
  seed: string,
  algorithm: string | undefined,
  sums: readonly number[],
  steps: readonly Step[],
  { algorithms }: Library,
): Branches {
  // An algorithm that is not known has nothing to prepare, which throws.
  const custom =
    algorithm === undefined ? undefined : (algorithms.get(algorithm) as AlgorithmModule).prepare(seed);
  return { start: hashState(`${seed}.`), custom, sums, steps };
}

function member(unit: string, values: readonly string[], yes: Step, no: Step): Step {
  return values.length === 0 ? no : new Step(MEMBER, unit, new Set(values.map(String)), yes, no);
}

function serve(outcome: Outcome): Step {
  return new Step(SERVE, "", outcome);
}
