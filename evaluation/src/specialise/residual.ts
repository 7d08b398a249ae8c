import type { Condition, Flag, Rule, Serve, Target, Variation } from "../model.ts";
import { fingerprint } from "./facts.ts";
import { type Folded, type FoldingRules, fold, type Known } from "./fold.ts";

/** What folding decides about whole flags, beside conditions. */
export interface ResidualRules extends FoldingRules {
  /** The target whose list has the user, if any; the lists stay behind. */
  targets(targets: Target[], known: Known): Target[];
  /** The rules that can still decide, up to the first that always does. */
  rules(rules: [Rule, Folded][]): Rule[];
  /** The variations, of which those that cannot be served lose their values. */
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
  variations: (variations, served) =>
    variations.map(({ id, value }) => (served.has(id) ? { id, value } : ({ id } as Variation))),
};

/** What is left of a flag once all that is private about a user has been decided. */
export function residualOf(flag: Flag, known: Known, rules: ResidualRules): Flag {
  const { type, on, seed, off, audience, prerequisites, stale } = flag;
  const nowhere: Serve = { variation: off };
  const decided = on ? decide(flag, known, rules) : { targets: [], rules: [], fallthrough: nowhere };
  const served = new Set([off, ...decided.targets.map(({ variation }) => variation)]);
  for (const serve of [...decided.rules.map((rule) => rule.serve), decided.fallthrough]) {
    for (const id of variationsOf(serve)) served.add(id);
  }
  const content = {
    type,
    on,
    seed,
    variations: rules.variations(flag.variations, served),
    off,
    audience,
    prerequisites: on ? prerequisites : [],
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

function decide(
  flag: Flag,
  known: Known,
  rules: ResidualRules,
): Pick<Flag, "targets" | "rules" | "fallthrough"> {
  const nowhere: Serve = { variation: flag.off };
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

function variationsOf(serve: Serve): string[] {
  return "split" in serve ? serve.split.weights.map(({ variation }) => variation) : [serve.variation];
}
