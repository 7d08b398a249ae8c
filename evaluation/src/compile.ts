import { hashState, TOTAL_WEIGHT } from "./hash.ts";
import type { Condition, Flag, JsonValue, Reason, Segment, Serve, Split, Variation } from "./model.ts";
import { builtin, CUSTOM, type Matcher } from "./operators/builtin.ts";
import type { AlgorithmModule, OperatorModule } from "./operators/modules.ts";
import { Outcome } from "./outcome.ts";
import * as step from "./step.ts";
import { type Bucketing, type Settled, Step } from "./step.ts";

/** How deep conditions may nest before a flag counts as one of an unknown shape. */
const MAX_NESTING = 100;

/** What a flag is compiled against. */
export interface Library {
  flag(key: string): Settled | undefined;
  /** Throws where the segment is missing, cannot be compiled, or refers to others too deeply. */
  segment(key: string, depth: number): CompiledSegment;
  operator(name: string): OperatorModule | undefined;
  algorithm(name: string): AlgorithmModule | undefined;
  /** Told which part of the definition became which step. */
  note?(step: Step, source: object): void;
}

export interface CompiledSegment extends Settled {
  /** How many segments deep it refers to others, itself included. */
  readonly height: number;
}

/** Compiles a flag; one that cannot be understood becomes its off variation, and the reason goes to `refused`. */
export function compileFlag(
  key: string,
  flag: Flag,
  killed: boolean,
  library: Library,
  refused?: (cause: unknown) => void,
): Step {
  const compiler = new FlagCompiler(key, flag, library);
  if (compiler.off === undefined) return serve(new Outcome(key, "flag-not-found"));
  if (killed) return compiler.serveOff("killed");
  if (flag.on !== true) return compiler.serveOff("off");
  try {
    return compiler.compile();
  } catch (cause) {
    refused?.(cause);
    return compiler.serveOff("unsupported");
  }
}

/** Compiles a segment to a program that ends in `INSIDE` or `OUTSIDE`; throws on what it does not understand. */
export function compileSegment(
  segment: Segment,
  library: Library,
  depth: number,
): { entry: Step; height: number } {
  const conditions = new ConditionCompiler(library, depth);
  const inside = serve(step.INSIDE);
  const outside = serve(step.OUTSIDE);
  let entry = segment.when === undefined ? outside : conditions.compile(segment.when, inside, outside);
  entry = member(segment.unit, segment.included, inside, entry);
  entry = member(segment.unit, segment.excluded, outside, entry);
  return { entry, height: conditions.height + 1 };
}

/** Compiles backwards: where a step leads is already there when the step is made. */
class ConditionCompiler {
  height = 0;
  readonly #library: Library;
  readonly #depth: number;

  constructor(library: Library, depth: number) {
    this.#library = library;
    this.#depth = depth;
  }

  compile(condition: Condition, yes: Step, no: Step, nesting = 0): Step {
    if (nesting > MAX_NESTING) throw new Error("nested too deeply");
    const entry = this.#compile(condition, yes, no, nesting + 1);
    this.#library.note?.(entry, condition);
    return entry;
  }

  #compile(condition: Condition, yes: Step, no: Step, nesting: number): Step {
    if ("all" in condition) {
      return list(condition.all).reduceRight<Step>(
        (next, part) => this.compile(part, next, no, nesting),
        yes,
      );
    }
    if ("any" in condition) {
      return list(condition.any).reduceRight<Step>(
        (next, part) => this.compile(part, yes, next, nesting),
        no,
      );
    }
    if ("not" in condition) return this.compile(condition.not, no, yes, nesting);
    if ("segment" in condition) {
      const segment = this.#library.segment(condition.segment, this.#depth + 1);
      this.height = Math.max(this.height, segment.height);
      return new Step(step.SEGMENT, "", segment, yes, no);
    }
    if ("bucket" in condition) {
      const { unit, seed, algorithm, below } = condition.bucket;
      const operand = { ...bucketing(text(seed), algorithm, this.#library), below: integer(below) };
      return new Step(step.BUCKET, text(unit), operand, yes, no);
    }
    const name = text(condition.attribute);
    if (condition.operator === "exists") return new Step(step.EXISTS, name, undefined, yes, no);
    return new Step(step.MATCH, name, this.#matcher(condition), yes, no);
  }

  #matcher({
    operator,
    values,
    ignoreCase = false,
  }: {
    operator: string;
    values?: JsonValue[];
    ignoreCase?: boolean;
  }): Matcher {
    const module = this.#library.operator(operator);
    const literals = list(values);
    if (module === undefined) {
      const matcher = builtin(operator, literals, ignoreCase);
      if (matcher?.operand === undefined) throw new Error(`unknown operator or unfit values: ${operator}`);
      return matcher;
    }
    const test = module.compile(literals, ignoreCase);
    if (typeof test === "string") throw new Error(test);
    return { code: CUSTOM, operand: test };
  }
}

class FlagCompiler {
  readonly off: Variation | undefined;
  readonly #key: string;
  readonly #flag: Flag;
  readonly #library: Library;
  readonly #variations: Map<string, Variation>;
  #unitMissing: Step | undefined;

  constructor(key: string, flag: Flag, library: Library) {
    this.#key = key;
    this.#flag = flag;
    this.#library = library;
    const variations = Array.isArray(flag.variations) ? flag.variations : [];
    this.#variations = new Map(variations.filter(isServable).map((variation) => [variation.id, variation]));
    this.off = this.#variations.get(flag.off);
  }

  compile(): Step {
    const flag = this.#flag;
    const conditions = new ConditionCompiler(this.#library, 0);
    const ruled = list(flag.rules).reduceRight(
      (next, rule) => conditions.compile(rule.when, this.#serve(rule.serve, "rule", text(rule.id)), next),
      this.#serve(flag.fallthrough, "fallthrough", undefined),
    );
    const targeted = list(flag.targets).reduceRight((next, target) => {
      const outcome = new Outcome(this.#key, "target", this.#variation(target.variation));
      return this.#note(member(target.unit, target.values, serve(outcome), next), target);
    }, ruled);
    return list(flag.prerequisites).reduceRight((next, prerequisite) => {
      const operand = {
        flag: this.#library.flag(prerequisite.flag),
        variations: list(prerequisite.variations),
      };
      const failed = this.serveOff("prerequisite-failed", { prerequisite: text(prerequisite.flag) });
      return this.#note(new Step(step.PREREQUISITE, "", operand, next, failed), prerequisite);
    }, targeted);
  }

  serveOff(reason: Reason, details?: { prerequisite: string }): Step {
    return serve(new Outcome(this.#key, reason, this.off, details));
  }

  #serve(target: Serve, reason: Reason, ruleId: string | undefined): Step {
    if ("split" in target) return this.#note(this.#split(target.split, reason, ruleId), target);
    return serve(new Outcome(this.#key, reason, this.#variation(target.variation), { ruleId, split: false }));
  }

  #split(split: Split, reason: Reason, ruleId: string | undefined): Step {
    let sum = 0;
    const sums: number[] = [];
    const steps: Step[] = [];
    for (const { variation, weight } of list(split.weights)) {
      sum += integer(weight);
      sums.push(sum);
      const outcome = new Outcome(this.#key, reason, this.#variation(variation), { ruleId, split: true });
      steps.push(serve(outcome));
    }
    if (sum !== TOTAL_WEIGHT) throw new Error("weights do not sum to 100000");
    const operand = {
      ...bucketing(text(split.seed ?? this.#flag.seed), split.algorithm, this.#library),
      sums,
      steps,
    };
    this.#unitMissing ??= this.serveOff("unit-missing");
    return new Step(step.SPLIT, text(split.unit), operand, undefined, this.#unitMissing);
  }

  #variation(id: string): Variation {
    const variation = this.#variations.get(id);
    if (variation === undefined) throw new Error(`unknown variation: ${id}`);
    return variation;
  }

  #note(entry: Step, source: object): Step {
    this.#library.note?.(entry, source);
    return entry;
  }
}

function bucketing(seed: string, algorithm: string | undefined, library: Library): Bucketing {
  const custom = algorithm === undefined ? undefined : library.algorithm(algorithm)?.prepare(seed);
  if (algorithm !== undefined && custom === undefined) throw new Error(`unknown algorithm: ${algorithm}`);
  return { start: hashState(`${seed}.`), custom };
}

function member(unit: string, values: string[], yes: Step, no: Step): Step {
  if (list(values).length === 0) return no;
  return new Step(step.MEMBER, text(unit), new Set(values.map(text)), yes, no);
}

function serve(outcome: Outcome): Step {
  return new Step(step.SERVE, "", outcome);
}

function isServable(variation: Variation): boolean {
  return variation !== null && typeof variation === "object" && variation.value !== undefined;
}

function list<T>(value: readonly T[] | undefined): readonly T[] {
  if (!Array.isArray(value)) throw new Error("not a list");
  return value;
}

function text(value: string): string {
  if (typeof value !== "string") throw new Error("not a text");
  return value;
}

function integer(value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new Error("not a whole number");
  return value;
}
