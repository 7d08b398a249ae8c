import { Definitions } from "../definitions.ts";
import type { Context, Flag, Ruleset, Segment } from "../model.ts";
import type { Extensions } from "../operators/modules.ts";
import type { Outcome } from "../outcome.ts";
import { SERVE } from "../step.ts";
import { eachCondition } from "../validate/references.ts";
import { Facts, type Registry } from "./facts.ts";
import { FOLDING, type Folded, fold, type Known } from "./fold.ts";
import { RESIDUAL, type ResidualRules, residualOf, unsupported } from "./residual.ts";

export type { Registry } from "./facts.ts";

/** Makes, for one ruleset, what each browser gets. */
export interface Specialiser {
  /** The audience class of a user: equal classes get flags that are equal byte for byte. */
  classOf(verified: Context): string;
  /** The ruleset of client flags with everything private decided; private attributes that are not verified are absent. */
  residual(verified: Context): Ruleset;
  /** Where the private facts are asked that tell classes apart, by flag; a fact that several flags ask is the first's. */
  facts(): { flag: string; paths: string[] }[];
}

/** What a browser gets of a ruleset: see `Specialiser`. */
export function specialise(
  ruleset: Ruleset,
  verified: Context,
  registry: Registry,
  extensions?: Extensions,
): Ruleset {
  return createSpecialiser(ruleset, registry, extensions).residual(verified);
}

/** Prepares a ruleset once, for many users. */
export function createSpecialiser(
  ruleset: Ruleset,
  registry: Registry,
  extensions: Extensions = {},
  rules: ResidualRules = { ...FOLDING, ...RESIDUAL },
): Specialiser {
  return new RulesetSpecialiser(ruleset, registry, extensions, rules);
}

class RulesetSpecialiser implements Specialiser {
  readonly #ruleset: Ruleset;
  readonly #registry: Registry;
  readonly #rules: ResidualRules;
  readonly #facts: Facts;
  /** The client flags, and whether they are understood. */
  readonly #flags: [key: string, flag: Flag, understood: boolean][] = [];
  readonly #segments: ReadonlyMap<string, Segment>;
  readonly #factsByFlag: { flag: string; paths: string[] }[] = [];

  constructor(ruleset: Ruleset, registry: Registry, extensions: Extensions, rules: ResidualRules) {
    this.#ruleset = ruleset;
    this.#registry = registry;
    this.#rules = rules;
    this.#segments = new Map(Object.entries(ruleset.segments));
    const definitions = new Definitions(extensions);
    definitions.replace(ruleset.flags, ruleset.segments);
    this.#facts = new Facts(definitions);
    for (const [key, flag] of Object.entries(ruleset.flags)) {
      if (flag.audience !== "client") continue;
      const { code, operand } = definitions.flag(key).entry;
      const reason = code === SERVE ? (operand as Outcome).reason : undefined;
      if (reason === "flag-not-found") continue;
      this.#flags.push([key, flag, reason !== "unsupported"]);
      if (reason !== "unsupported" && flag.on) this.#collect(key, flag);
    }
  }

  classOf(verified: Context): string {
    return this.#facts.classOf(verified);
  }

  facts(): { flag: string; paths: string[] }[] {
    return this.#factsByFlag;
  }

  residual(verified: Context): Ruleset {
    const known = this.#knownOf(verified);
    const flags = this.#flags.map(([key, flag, understood]) => [
      key,
      understood ? residualOf(flag, known, this.#rules) : unsupported(flag, this.#rules),
    ]);
    const exposed = new Set(this.#flags.map(([key]) => key));
    const { format, environmentId, epoch, revision, kills } = this.#ruleset;
    return {
      format,
      environmentId,
      epoch,
      revision,
      flags: Object.fromEntries(flags),
      segments: {},
      kills: kills.filter(({ flag }) => exposed.has(flag)),
    };
  }

  #knownOf(verified: Context): Known {
    const answer = this.#facts.answers(verified);
    const folded = new Map<string, Folded>();
    const known: Known = {
      isPublic: (attribute) => this.#registry.publicAttributes.has(attribute),
      answer,
      segment: (key) => {
        const segment = this.#segments.get(key) as Segment;
        const { when } = segment;
        const result =
          folded.get(key) ??
          this.#rules.segment(segment, known, () =>
            when === undefined ? false : fold(when, known, this.#rules),
          );
        folded.set(key, result);
        return result;
      },
    };
    return known;
  }

  /** Finds every private fact that a flag asks, through its segments. */
  #collect(key: string, flag: Flag): void {
    const before = new Set(this.#facts.all);
    const seen = new Set<string>();
    const visit = (root: Flag["rules"][number]["when"], at: string): void =>
      eachCondition(root, at, (condition, path) => {
        if ("attribute" in condition && !this.#registry.publicAttributes.has(condition.attribute)) {
          this.#facts.addTest(condition, path);
        }
        if (!("segment" in condition) || seen.has(condition.segment)) return;
        seen.add(condition.segment);
        const { unit, included, excluded, when } = this.#segments.get(condition.segment) as Segment;
        this.#facts.addList(unit, excluded, `/segments/${condition.segment}/excluded`);
        this.#facts.addList(unit, included, `/segments/${condition.segment}/included`);
        if (when !== undefined) visit(when, `/segments/${condition.segment}/when`);
      });
    flag.targets.forEach(({ unit, values }, i) => {
      this.#facts.addList(unit, values, `/flags/${key}/targets/${i}`);
    });
    flag.rules.forEach(({ when }, i) => {
      visit(when, `/flags/${key}/rules/${i}/when`);
    });
    const paths = [...this.#facts.all].filter((fact) => !before.has(fact)).map(({ path }) => path);
    this.#factsByFlag.push({ flag: key, paths });
  }
}
