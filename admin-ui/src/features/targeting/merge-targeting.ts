import type { Rule } from "@lanyard/evaluation";
import { sameJson, type Targeting } from "../../lib/targeting.ts";

export interface Merge {
  merged: Targeting;
  /** What both sides changed, and differently; `merged` holds mine there. */
  conflicts: string[];
}

/** Puts my edits of `base` on top of theirs: whatever only one side changed is taken from that side. */
export function mergeTargeting(base: Targeting, mine: Targeting, theirs: Targeting): Merge {
  const conflicts: string[] = [];
  const pick = <Part>(name: string, was: Part, my: Part, their: Part): Part => {
    if (sameJson(my, was)) return their;
    if (!sameJson(their, was) && !sameJson(my, their)) conflicts.push(name);
    return my;
  };
  const { stale, ...merged }: Omit<Targeting, "stale"> & { stale: Targeting["stale"] | null } = {
    on: pick("on or off", base.on, mine.on, theirs.on),
    prerequisites: pick("prerequisites", base.prerequisites, mine.prerequisites, theirs.prerequisites),
    targets: pick("targets", base.targets, mine.targets, theirs.targets),
    rules: mergeRules(base.rules, mine.rules, theirs.rules, pick, conflicts),
    fallthrough: pick("what everyone else gets", base.fallthrough, mine.fallthrough, theirs.fallthrough),
    stale: pick("what happens without contact", base.stale ?? null, mine.stale ?? null, theirs.stale ?? null),
  };
  return { merged: stale ? { ...merged, stale } : merged, conflicts };
}

type Pick = (name: string, was: Rule | null, my: Rule | null, their: Rule | null) => Rule | null;

const byId = (rules: Rule[], id: string): Rule | null => rules.find((rule) => rule.id === id) ?? null;
const ids = (rules: Rule[]): string[] => rules.map((rule) => rule.id);

/** Rule by rule; the order is mine if I changed it, else theirs. */
function mergeRules(base: Rule[], mine: Rule[], theirs: Rule[], pick: Pick, conflicts: string[]): Rule[] {
  const common = (rules: Rule[], other: Rule[]) => ids(rules).filter((id) => byId(other, id));
  const iReordered = !sameJson(common(mine, base), common(base, mine));
  const theyReordered = !sameJson(common(theirs, base), common(base, theirs));
  if (iReordered && theyReordered && !sameJson(ids(mine), ids(theirs)))
    conflicts.push("the order of the rules");
  const [first, second] = iReordered ? [mine, theirs] : [theirs, mine];
  const order = [...ids(first), ...ids(second).filter((id) => !byId(first, id))];
  return order
    .map((id) => pick(ruleName(id, base, mine), byId(base, id), byId(mine, id), byId(theirs, id)))
    .filter((rule) => rule !== null);
}

function ruleName(id: string, base: Rule[], mine: Rule[]): string {
  const place = base.findIndex((rule) => rule.id === id);
  return place >= 0 ? `rule ${place + 1}` : `new rule ${mine.findIndex((rule) => rule.id === id) + 1}`;
}
