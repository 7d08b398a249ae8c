import {
  compile,
  type Draft,
  type Library,
  write,
  writeBucket,
  writeCondition,
  writeMember,
} from "./conditions.ts";
import { TOTAL_WEIGHT } from "./hash.ts";
import type { Flag, Reason, Segment, Serve } from "./model.ts";
import { Outcome } from "./outcome.ts";
import { BELOW, type Program, REQUIREMENT, type Requirement, type Target } from "./program.ts";

/** What is to be compiled. */
interface Source {
  readonly key: string;
  readonly definition: Flag | Segment | undefined;
  readonly killed: boolean;
}

/** Makes an outcome of a flag; throws when it has no such variation. */
type OutcomeOf = (
  variation: string,
  reason: Reason,
  split?: boolean,
  ruleId?: string,
  prerequisite?: string,
) => Outcome;

/** Compiles a flag. One that is not understood, whatever the reason, serves its off variation. */
export function compileFlag({ key, definition, killed }: Source, library: Library): Program {
  const flag = definition as Flag | undefined;
  // What is no list of variations holds no off variation, and what has none is no flag.
  const values = new Map([flag?.variations].flat().map((variation) => [variation?.id, variation?.value]));
  const outcomeOf: OutcomeOf = (variation, reason, split, ruleId, prerequisite) => {
    const value = values.get(variation);
    if (value === undefined) throw variation;
    return new Outcome(key, reason, value, variation, split, ruleId, prerequisite);
  };
  if (flag === undefined || values.get(flag.off) === undefined) return [new Outcome(key, "flag-not-found")];
  if (killed) return [outcomeOf(flag.off, "killed")];
  if (flag.on !== true) return [outcomeOf(flag.off, "off")];
  try {
    return compile(library, (draft) => writeFlag(draft, flag, outcomeOf));
  } catch {
    return [outcomeOf(flag.off, "unsupported")];
  }
}

function writeFlag(draft: Draft, flag: Flag, outcomeOf: OutcomeOf): Target {
  let entry = writeServe(draft, flag, flag.fallthrough, outcomeOf, "fallthrough");
  entry = flag.rules.reduceRight(
    (next, { id, when, serve }) =>
      writeCondition(draft, when, writeServe(draft, flag, serve, outcomeOf, "rule", id), next),
    entry,
  );
  entry = flag.targets.reduceRight((next, target) => {
    const { unit, values, variation, found } = target;
    const served = outcomeOf(variation, "target");
    return found === true ? served : writeMember(draft, target, unit, values, served, next);
  }, entry);
  return flag.prerequisites.reduceRight((next, prerequisite) => {
    const { flag: required, variations } = prerequisite;
    const requirement: Requirement = {
      flag: draft.library.entryOf("flag", required),
      variations: [...variations],
    };
    const failed = outcomeOf(flag.off, "prerequisite-failed", undefined, undefined, required);
    return write(draft, prerequisite, REQUIREMENT, requirement, next, failed);
  }, entry);
}

function writeServe(
  draft: Draft,
  { seed, off }: Flag,
  serve: Serve,
  outcomeOf: OutcomeOf,
  reason: Reason,
  ruleId?: string,
): Target {
  if (!("split" in serve)) return outcomeOf(serve.variation, reason, false, ruleId);
  const { split } = serve;
  let above = split.weights.reduce((sum, { weight }) => sum + weight, 0);
  if (above !== TOTAL_WEIGHT) throw above;
  // A bucket past every sum, which no algorithm should give, stays with the last.
  const drawn = split.weights.reduceRight<Target | undefined>((next, { variation, weight }) => {
    const served = outcomeOf(variation, reason, true, ruleId);
    const step = next === undefined ? served : write(draft, serve, BELOW, above, served, next);
    above -= weight;
    return step;
  }, undefined);
  return writeBucket(draft, serve, { seed, ...split }, drawn as Target, outcomeOf(off, "unit-missing"));
}
