import {
  type Draft,
  draftOf,
  type Lexicon,
  write,
  writeCondition,
  writeMember,
  writeSplit,
} from "./conditions.ts";
import type { Flag, Reason, Segment, Serve } from "./model.ts";
import { Outcome } from "./outcome.ts";
import { type Program, REFERENCE, type Target } from "./program.ts";

/** What is to be compiled. */
interface Source {
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

export const NOT_FOUND = new Outcome(undefined, undefined, "flag-not-found");

/** Compiles a flag. One that is not understood, whatever the reason, serves its off variation. */
export function compileFlag({ definition, killed }: Source, lexicon: Lexicon): Program {
  const flag = definition as Flag | undefined;
  // What is no list of variations holds no off variation, and what has none is no flag.
  const values = new Map([flag?.variations].flat().map((variation) => [variation?.id, variation?.value]));
  const outcomeOf: OutcomeOf = (variation, ...how) => {
    const value = values.get(variation);
    if (value === undefined) throw variation;
    return new Outcome(value, variation, ...how);
  };
  if (flag === undefined || values.get(flag.off) === undefined) return [NOT_FOUND];
  if (killed) return [outcomeOf(flag.off, "killed")];
  if (flag.on !== true) return [outcomeOf(flag.off, "off")];
  try {
    return draftOf(lexicon, (draft) => writeFlag(draft, flag, outcomeOf)).program;
  } catch {
    return [outcomeOf(flag.off, "unsupported")];
  }
}

function writeFlag(draft: Draft, flag: Flag, outcomeOf: OutcomeOf): Target {
  const { seed, off } = flag;
  const writeServe = (serve: Serve, reason: Reason, ruleId?: string): Target => {
    if (!("split" in serve)) return outcomeOf(serve.variation, reason, false, ruleId);
    const { split } = serve;
    const shares = split.weights.map(({ variation, weight }): [number, Target] => [
      weight,
      outcomeOf(variation, reason, true, ruleId),
    ]);
    return writeSplit(draft, serve, { seed, ...split }, shares, outcomeOf(off, "unit-missing"));
  };
  let entry = writeServe(flag.fallthrough, "fallthrough");
  entry = flag.rules.reduceRight(
    (next, { id, when, serve }) => writeCondition(draft, when, writeServe(serve, "rule", id), next),
    entry,
  );
  entry = flag.targets.reduceRight((next, target) => {
    const { unit, values, variation, found } = target;
    const served = outcomeOf(variation, "target");
    return found === true ? served : writeMember(draft, target, unit, values, served, next);
  }, entry);
  return flag.prerequisites.reduceRight((next, prerequisite) => {
    const { flag: required, variations } = prerequisite;
    const requirement = { to: draft.lexicon.entryOf("flag", required), variations: [...variations] };
    const failed = outcomeOf(off, "prerequisite-failed", undefined, undefined, required);
    return write(draft, prerequisite, REFERENCE, requirement, next, failed);
  }, entry);
}
