import { TOTAL_WEIGHT } from "./hash.ts";
import type { AttributeTest, BucketTest, Condition, Flag, Segment } from "./model.ts";
import { builtin, type Matcher } from "./operators/builtin.ts";
import type { AlgorithmModule, OperatorModule } from "./operators/modules.ts";
import {
  attributeOf,
  EXISTS,
  INSIDE,
  MAX_REFERENCE_DEPTH,
  MEMBER,
  OUTSIDE,
  type Program,
  REFERENCE,
  type Scope,
  type Settled,
  SPLIT,
  STEP_SIZE,
  type Target,
} from "./program.ts";

/** How deep conditions may nest before they count as a shape that is not known. */
export const MAX_NESTING = 100;

/** What others may refer to, with the program it was compiled to. */
interface Referable extends Settled {
  readonly definition: Flag | Segment | undefined;
  program: Program | undefined;
  height: number;
}

/** What flags and segments are compiled against, and run with. */
export interface Lexicon extends Scope {
  entryOf(kind: "flag" | "segment", key: string): Referable;
  readonly operators: readonly OperatorModule[];
  /** The native one has no name. */
  readonly algorithms: readonly { name: string | undefined; prepare: AlgorithmModule["prepare"] }[];
  /** The attributes that have a site of their own. */
  readonly sites: string[];
}

/** A program that is being written, backwards: where a step leads is already there when the step is made. */
export interface Draft {
  readonly program: Program;
  readonly lexicon: Lexicon;
  /** How many segments deep it is referred to, and refers to others. */
  readonly depth: number;
  height: number;
}

/** Drafts what writes itself; throws on what it does not understand. */
export function draftOf(lexicon: Lexicon, writeAll: (draft: Draft) => Target, depth = 0): Draft {
  const draft: Draft = { program: [OUTSIDE], lexicon, depth, height: 0 };
  draft.program[0] = writeAll(draft);
  return draft;
}

/** Compiles a condition to a program that ends in `INSIDE` or `OUTSIDE`; throws on what it does not understand. */
export function compileCondition(condition: Condition, lexicon: Lexicon): Program {
  return draftOf(lexicon, (draft) => writeCondition(draft, condition, INSIDE, OUTSIDE)).program;
}

/** Compiles the question whether a unit is one of some values, to a program that ends in `INSIDE` or `OUTSIDE`. */
export function compileMembership(unit: string, values: readonly string[], lexicon: Lexicon): Program {
  return draftOf(lexicon, (draft) => writeMember(draft, values, unit, values, INSIDE, OUTSIDE)).program;
}

/** Writes a step that stands for a part of a definition. */
export function write(
  { program, lexicon }: Draft,
  source: object,
  code: unknown,
  operand: unknown,
  yes: Target,
  no: Target,
  attribute = "",
): Target {
  return program.push(code, operand, yes, no, ...attributeOf(attribute, lexicon.sites), source) - STEP_SIZE;
}

/** Writes a step that goes on by the bucket of a unit, to where its share leads; throws unless the shares are a whole. */
export function writeSplit(
  draft: Draft,
  source: object,
  { unit, seed, algorithm }: Pick<BucketTest, "unit" | "seed" | "algorithm">,
  shares: [weight: number, to: Target][],
  no: Target,
): Target {
  const found = draft.lexicon.algorithms.find(({ name }) => name === algorithm);
  if (!found) throw algorithm;
  const at = write(draft, source, SPLIT, found.prepare(seed), no, no, unit);
  let sum = 0;
  for (const [weight, to] of shares) {
    sum += weight;
    draft.program.push(sum, to);
  }
  if (sum !== TOTAL_WEIGHT) throw sum;
  return at;
}

export function writeMember(
  draft: Draft,
  source: object,
  unit: string,
  values: readonly string[],
  yes: Target,
  no: Target,
): Target {
  return values.length === 0 ? no : write(draft, source, MEMBER, setOf(values), yes, no, unit);
}

export function writeCondition(
  draft: Draft,
  condition: Condition,
  yes: Target,
  no: Target,
  nesting = 0,
): Target {
  if (nesting > MAX_NESTING) throw nesting;
  const inner = (part: Condition, yes: Target, no: Target) =>
    writeCondition(draft, part, yes, no, nesting + 1);
  if ("attribute" in condition) return writeTest(draft, condition, yes, no);
  if ("segment" in condition) return writeSegment(draft, condition, yes, no);
  if ("all" in condition)
    return condition.all.reduceRight<Target>((next, part) => inner(part, next, no), yes);
  if ("any" in condition)
    return condition.any.reduceRight<Target>((next, part) => inner(part, yes, next), no);
  if ("not" in condition) return inner(condition.not, no, yes);
  const { bucket } = condition;
  const { below } = bucket;
  return writeSplit(
    draft,
    condition,
    bucket,
    [
      [below, yes],
      [TOTAL_WEIGHT - below, no],
    ],
    no,
  );
}

function writeTest(draft: Draft, test: AttributeTest, yes: Target, no: Target): Target {
  const { attribute, operator, values = [], ignoreCase } = test;
  if (operator === "exists") return write(draft, test, EXISTS, 0, yes, no, attribute);
  const custom = draft.lexicon.operators
    .find(({ name }) => name === operator)
    ?.compile(values, ignoreCase === true);
  const matchers = typeof custom === "function" ? [[custom, 0]] : builtin(operator, values, ignoreCase);
  return (matchers as Matcher[]).reduceRight<Target>(
    (next, [matches, literal]) => write(draft, test, matches, literal, yes, next, attribute),
    no,
  );
}

/** Lists are looked up in place, which saves settling them; conditions would be multiplied. */
function writeSegment(draft: Draft, source: { segment: string }, yes: Target, no: Target): Target {
  const { lexicon, depth } = draft;
  const segment = lexicon.entryOf("segment", source.segment);
  const { unit, included, excluded, when } = segment.definition as Segment;
  let otherwise = no;
  if (when !== undefined) {
    if (depth > MAX_REFERENCE_DEPTH) throw depth;
    if (segment.program === undefined) {
      const inner = draftOf(lexicon, (draft) => writeCondition(draft, when, INSIDE, OUTSIDE), depth + 1);
      segment.height = inner.height + 1;
      segment.program = inner.program;
    }
    draft.height = Math.max(draft.height, segment.height);
    if (depth + draft.height > MAX_REFERENCE_DEPTH) throw depth;
    otherwise = write(draft, source, REFERENCE, { to: segment, variations: [undefined] }, yes, no);
  }
  const among = writeMember(draft, source, unit, included, yes, otherwise);
  return writeMember(draft, source, unit, excluded, no, among);
}

/** The units of each list, made once however many flags look into it. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

export function setOf(values: readonly string[]): ReadonlySet<string> {
  const set = sets.get(values) ?? new Set(values.map(String));
  sets.set(values, set);
  return set;
}
