import { type Changes, createDefinitions, type Definitions } from "../definitions.ts";
import type { Context, Flag, Reason, Ruleset, Segment } from "../model.ts";
import type { Extensions } from "../operators/modules.ts";
import { factsOf } from "./collect.ts";
import { Answers, type Fact, Facts, fingerprint, type Registry } from "./facts.ts";
import { FOLDING, type Folded, fold, type Known } from "./fold.ts";
import { decide, RESIDUAL, type ResidualRules, residualOf, servedBy, unsupported } from "./residual.ts";

export { decided } from "./decided.ts";
export type { Registry } from "./facts.ts";

/** Makes, for one ruleset, what each browser gets; holds the definitions, and follows their changes. */
export interface Specialiser {
  /**
   * Puts changes in place, and returns the keys of the client flags that they touch, those that are gone too; of a
   * whole, nothing else stays.
   */
  apply(flags: Changes<Flag>, segments: Changes<Segment>, isWhole?: boolean): string[];
  /** Client flags by key, and whether what is left of one depends on the user. */
  readonly flags: ReadonlyMap<string, { readonly isPersonal: boolean }>;
  /** What is left of a client flag, for one user; to be asked anew after changes. Equal residuals are one object. */
  forUser(verified: Context): (key: string) => Flag;
  /** The audience class of a user: equal classes get flags that are equal byte for byte. */
  classOf(verified: Context): string;
  /** The ruleset of client flags with everything private decided; private attributes that are not verified are absent. */
  residual(verified: Context): Ruleset;
  /** Where the private facts are asked that tell classes apart, by flag. */
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

/** A flag is forgotten with all of its residuals beyond that many: one that tells more users apart is rare. */
const RESIDUALS_MAX = 1_000;

interface ClientFlag {
  definition: Flag;
  facts: readonly Fact[];
  isPersonal: boolean;
  /** By the answers to its facts. */
  residuals: Map<string, Flag>;
  understood: boolean;
}

class RulesetSpecialiser implements Specialiser {
  readonly flags = new Map<string, ClientFlag>();
  readonly #ruleset: Ruleset;
  readonly #registry: Registry;
  readonly #rules: ResidualRules;
  readonly #definitions: Definitions;
  readonly #facts: Facts;

  constructor(ruleset: Ruleset, registry: Registry, extensions: Extensions, rules: ResidualRules) {
    this.#ruleset = ruleset;
    this.#registry = registry;
    this.#rules = rules;
    this.#definitions = createDefinitions(extensions);
    this.#facts = new Facts(this.#definitions);
    this.apply(ruleset.flags, ruleset.segments);
  }

  apply(flags: Changes<Flag>, segments: Changes<Segment>, isWhole = false): string[] {
    const forClients = Object.entries(flags).map(([key, flag]) => [
      key,
      flag?.audience === "client" ? flag : null,
    ]);
    const reached = this.#definitions.apply(Object.fromEntries(forClients), segments, isWhole);
    return reached.filter((key) => {
      const known = this.flags.delete(key);
      const prepared = this.#prepared(key);
      if (prepared) this.flags.set(key, prepared);
      return known || prepared !== undefined;
    });
  }

  forUser(verified: Context): (key: string) => Flag {
    const answers = new Answers(verified, this.#definitions);
    const known = this.#knownBy(answers);
    return (key) => {
      const flag = this.flags.get(key) as ClientFlag;
      const holds = answers.of(flag.facts);
      const made = flag.residuals.get(holds) ?? this.#residualOf(flag, known);
      if (flag.residuals.size > RESIDUALS_MAX) flag.residuals.clear();
      flag.residuals.set(holds, made);
      return made;
    };
  }

  classOf(verified: Context): string {
    const answers = new Answers(verified, this.#definitions);
    return fingerprint(Array.from(this.flags.values(), ({ facts }) => answers.of(facts)).join(" "));
  }

  residual(verified: Context): Ruleset {
    const left = this.forUser(verified);
    const { format, environmentId, epoch, revision, kills } = this.#ruleset;
    return {
      format,
      environmentId,
      epoch,
      revision,
      flags: Object.fromEntries(Array.from(this.flags.keys(), (key) => [key, left(key)])),
      segments: {},
      kills: kills.filter(({ flag }) => this.flags.has(flag)),
    };
  }

  facts(): { flag: string; paths: string[] }[] {
    return Array.from(this.flags, ([flag, { facts }]) => ({ flag, paths: facts.map(({ path }) => path) }));
  }

  /** Undefined when there is no such flag, or nothing that could be one. */
  #prepared(key: string): ClientFlag | undefined {
    const definition = this.#definition(key);
    const reason = this.#reasonOf(key);
    if (definition === undefined || reason === "flag-not-found") return undefined;
    const understood = reason !== "unsupported";
    const facts = understood ? this.#factsOf(key, definition) : [];
    return { definition, understood, facts, isPersonal: facts.length > 0, residuals: new Map() };
  }

  /** What the flag asks, and what decides which variations it can find at those that it requires. */
  #factsOf(key: string, flag: Flag): Fact[] {
    if (!flag.on) return [];
    const grounds = {
      facts: this.#facts,
      registry: this.#registry,
      segment: (segment: string) => this.#segment(segment),
    };
    const required = flag.prerequisites.flatMap((prerequisite): [string, Flag][] => {
      const definition = this.#decidable(prerequisite.flag);
      return definition?.on ? [[prerequisite.flag, definition]] : [];
    });
    const asked = [[key, flag] as const, ...required].flatMap((each) => factsOf(...each, grounds));
    return [...new Set(asked)];
  }

  #definition(key: string): Flag | undefined {
    return this.#definitions.entryOf("flag", key).definition as Flag | undefined;
  }

  /** Why no context can change the flag's answer; undefined when one can. */
  #reasonOf(key: string): Reason | undefined {
    const [start] = this.#definitions.programOf(this.#definitions.entryOf("flag", key));
    return typeof start === "number" ? undefined : start.reason;
  }

  /** The flag, if browsers have it and it is understood. */
  #decidable(key: string): Flag | undefined {
    return this.#reasonOf(key) === "unsupported" ? undefined : this.#definition(key);
  }

  #residualOf({ definition, understood, residuals }: ClientFlag, known: Known): Flag {
    const made = understood
      ? residualOf(definition, known, this.#rules)
      : unsupported(definition, this.#rules);
    for (const other of residuals.values()) if (other.hash === made.hash) return other;
    return made;
  }

  #segment(key: string): Segment {
    return this.#definitions.entryOf("segment", key).definition as Segment;
  }

  #knownBy(answers: Answers): Known {
    const folded = new Map<string, Folded>();
    const served = new Map<string, ReadonlySet<string>>();
    const known: Known = {
      servedBy: (key) => {
        if (!this.flags.has(key)) return undefined;
        const flag = this.#decidable(key);
        const result = served.get(key) ?? (flag ? servedBy(decide(flag, known, this.#rules)) : new Set());
        served.set(key, result);
        return result;
      },
      isPublic: (attribute) => this.#registry.publicAttributes.has(attribute),
      answer: (source) =>
        Array.isArray(source) && source.length === 0 ? false : answers.holds(this.#facts.of(source)),
      segment: (key) => {
        const segment = this.#segment(key);
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
}
