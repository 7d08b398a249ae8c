import type { AttributeTest, Condition, Segment } from "../model.ts";

/** A condition of which all that is private has been decided: true, false, or still open to what the page says. */
export type Folded = boolean | Condition;

/** What folding asks about the user and the ruleset. */
export interface Known {
  isPublic(attribute: string): boolean;
  /** The answer to a private test, or whether the user is in a list. */
  answer(fact: AttributeTest | readonly string[]): boolean;
  segment(key: string): Folded;
  /** The variations that another flag can still serve to the user; undefined when browsers do not have it. */
  servedBy(flag: string): ReadonlySet<string> | undefined;
}

/** One rule for each construct, in Kleene's three-valued logic. */
export interface FoldingRules {
  all(parts: Folded[]): Folded;
  any(parts: Folded[]): Folded;
  not(part: Folded): Folded;
  test(test: AttributeTest, known: Known): Folded;
  segment(segment: Segment, known: Known, when: () => Folded): Folded;
}

/** The rules as they are; a test that breaks one must see a property fail. */
export const FOLDING: FoldingRules = {
  all: (parts) => join(parts, false, (all) => ({ all })),
  any: (parts) => join(parts, true, (any) => ({ any })),
  not: (part) => (typeof part === "boolean" ? !part : { not: part }),
  test: (test, known) => (known.isPublic(test.attribute) ? test : known.answer(test)),
  segment({ included, excluded }, known, when) {
    if (known.answer(excluded)) return false;
    return known.answer(included) || when();
  },
};

/** Folds a condition, inside out. */
export function fold(condition: Condition, known: Known, rules: FoldingRules): Folded {
  if ("all" in condition) return rules.all(condition.all.map((part) => fold(part, known, rules)));
  if ("any" in condition) return rules.any(condition.any.map((part) => fold(part, known, rules)));
  if ("not" in condition) return rules.not(fold(condition.not, known, rules));
  if ("segment" in condition) return known.segment(condition.segment);
  // A split looks at what the page says, and so does a condition on a bucket.
  return "bucket" in condition ? condition : rules.test(condition, known);
}

/** One part that is `decisive` decides; parts that are its opposite say nothing. */
function join(parts: Folded[], decisive: boolean, make: (open: Condition[]) => Condition): Folded {
  if (parts.includes(decisive)) return decisive;
  const open = [...new Set(parts.filter((part) => typeof part !== "boolean"))];
  const [only] = open;
  if (only === undefined) return !decisive;
  return open.length === 1 ? only : make(open);
}
