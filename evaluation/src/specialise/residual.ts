import type { Condition, Flag, Prerequisite, Rule, Serve, Target, Variation } from "../model.ts";
import { fingerprint } from "./facts.ts";
import { type Folded, type FoldingRules, fold, type Known } from "./fold.ts";

/** What folding decides about whole flags, beside conditions. */
export interface ResidualRules extends FoldingRules {
  /** The target whose list has the user, if any; the lists stay behind. */
  targets(targets: Target[], known: Known): Target[];
  /** The rules that can still decide, up to the first that always does. */
  rules(rules: [Rule, Folded][]): Rule[];
  /** What another flag can still serve of what satisfies a prerequisite of it. */
  prerequisite(prerequisite: Prerequisite, known: Known): Prerequisite;
  /** The variations that can be served. */
  variations(variations: Variation[], served: ReadonlySet<string>): Variation[];
}

/** A rule whose condition has folded to true. */
const ALWAYS: Condition = { all: [] };

export const RESIDUAL: Omit<ResidualRules, keyof FoldingRules> = {
  targets(targets, known) {
    const target = targets.find(({ values }) => known.answer(values));
    return target === undefined
      ? []
      : [{ unit: target.unit, variation: target.variation, values: [], found: true }];
  },
  rules(rules) {
    const open = rules.filter(([, when]) => when !== false);
    const always = open.findIndex(([, when]) => when === true);
    const deciding = always < 0 ? open : open.slice(0, always + 1);
    return deciding.map(([{ id, serve }, when]) => ({
      id,
      when: typeof when === "boolean" ? ALWAYS : when,
      serve,
    }));
  },
  prerequisite({ flag, variations }, known) {
    const served = known.servedBy(flag);
    return { flag, variations: served ? variations.filter((id) => served.has(id)) : variations };
  },
  variations: (variations, served) => variations.filter(({ id }) => served.has(id)),
};

/** What is left of a flag once all that is private about a user has been decided. */
export function residualOf(flag: Flag, known: Known, rules: ResidualRules): Flag {
  const { type, on, seed, off, audience, prerequisites, stale } = flag;
  const decided = decide(flag, known, rules);
  const content = {
    type,
    on,
    seed,
    variations: rules.variations(flag.variations, new Set([off, ...servedBy(decided)])),
    off,
    audience,
    prerequisites: on ? prerequisites.map((each) => rules.prerequisite(each, known)) : [],
    ...decided,
    ...(stale === undefined ? {} : { stale }),
  };
  return { hash: fingerprint(JSON.stringify(content)), ...content };
}

/** A flag that the browser cannot understand either, without anything of what was not understood here. */
export function unsupported({ type, on, seed, off, audience, variations }: Flag, rules: ResidualRules): Flag {
  const content = {
    type,
    on,
    seed,
    variations: rules.variations(variations, new Set([off])),
    off,
    audience,
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { split: { unit: "", weights: [] } },
  };
  return { hash: fingerprint(JSON.stringify(content)), ...content };
}

type Decided = Pick<Flag, "targets" | "rules" | "fallthrough">;

/** The part of a flag that decides, once all that is private is known. */
export function decide(flag: Flag, known: Known, rules: ResidualRules): Decided {
  const nowhere: Serve = { variation: flag.off };
  if (!flag.on) return { targets: [], rules: [], fallthrough: nowhere };
  const targets = rules.targets(flag.targets, known);
  if (targets.some(({ found }) => found)) return { targets, rules: [], fallthrough: nowhere };
  const open = rules.rules(flag.rules.map((rule) => [rule, fold(rule.when, known, rules)]));
  const reachable = !open.some(({ when }) => when === ALWAYS);
  return {
    targets,
    rules: open.map((rule) => ({ ...rule, serve: reduced(rule.serve) })),
    fallthrough: reachable ? reduced(flag.fallthrough) : nowhere,
  };
}

/** Weights of nothing serve nobody, and would keep a value that nobody gets. */
function reduced(serve: Serve): Serve {
  if (!("split" in serve)) return serve;
  return { split: { ...serve.split, weights: serve.split.weights.filter(({ weight }) => weight > 0) } };
}

/** Ids of the variations that may be served, beside the off variation. */
export function servedBy({ targets, rules, fallthrough }: Decided): Set<string> {
  const serves = [...rules.map(({ serve }) => serve), fallthrough];
  return new Set([...targets.map(({ variation }) => variation), ...serves.flatMap(variationsOf)]);
}

function variationsOf(serve: Serve): string[] {
  return "split" in serve ? serve.split.weights.map(({ variation }) => variation) : [serve.variation];
}
