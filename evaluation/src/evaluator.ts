import { Definitions, list } from "./definitions.ts";
import type { Context, Decision, Flag, Ruleset, Segment } from "./model.ts";
import type { Extensions } from "./operators/modules.ts";
import { decide, type Scope } from "./program.ts";
import { Usage, type UsageRow } from "./usage.ts";

/** Which content of an environment this is. */
export interface RulesetIdentity {
  environmentId: string;
  epoch: number;
  revision: number;
}

/** What changed between two revisions; `null` removes. */
export interface RulesetPatch {
  epoch: number;
  from: number;
  to: number;
  flags: Record<string, Flag | null>;
  segments: Record<string, Segment | null>;
}

/** Holds one environment's ruleset and decides by it; patches apply in place, as one swap. */
export interface Evaluator {
  readonly ruleset: RulesetIdentity;
  /** Decides. Never throws; a flag compiles at its first read, and answers are made once and shared. */
  evaluate(key: string, context: Context): Decision;
  /** Whether no context and no other flag can change the answer. */
  isStatic(key: string): boolean;
  flag(key: string): Flag | undefined;
  keys(): string[];
  /** Applies what changed, and returns the keys of the flags whose answer can differ for it. */
  patch(patch: RulesetPatch): string[];
  /** Puts another ruleset in place, and returns the keys of the flags whose answer can differ; kills stay as they are. */
  replace(ruleset: Ruleset): string[];
  /** Kills belong to the caller: a flag killed before it is known is killed when it comes. */
  setKilled(key: string, killed: boolean): string[];
  /** The whole ruleset, without kills. */
  snapshot(): Ruleset;
  /** The digest of the wire protocol, kept as the ruleset changes. */
  digest(): string;
  /** Counts one use of an answer of this evaluator. */
  count(decision: Decision): void;
  /** Counts an answer the caller made instead: its default, or with a `variation` of its own choice. */
  countDefault(key: string, reason: string, variation?: string | null): void;
  /** The uses counted since the last call. */
  drainUses(): UsageRow[];
}

/** Makes an evaluator of a ruleset, with its kills applied. Anything in it that is no flag is left out. */
export function createEvaluator(ruleset: Ruleset, extensions: Extensions = {}): Evaluator {
  return new RulesetEvaluator(ruleset, extensions);
}

/** Decides once. Whoever decides more often makes an evaluator. */
export function evaluate(ruleset: Ruleset, key: string, context: Context, extensions?: Extensions): Decision {
  return createEvaluator(ruleset, extensions).evaluate(key, context);
}

const NOTHING = { environmentId: "", epoch: 0, revision: 0 };

class RulesetEvaluator implements Evaluator {
  ruleset: RulesetIdentity = NOTHING;
  readonly #definitions: Definitions;
  readonly #usage = new Usage();
  readonly #scope: Scope = { pass: 0 };

  constructor(ruleset: Ruleset, extensions: Extensions) {
    this.#definitions = new Definitions(extensions);
    this.replace(ruleset);
    for (const kill of list(ruleset?.kills)) this.setKilled(kill?.flag, true);
  }

  evaluate(key: string, context: Context): Decision {
    const flag = this.#definitions.flags.get(key);
    if (flag === undefined) return this.#usage.unknown(key);
    const program = flag.program ?? flag.entry;
    const [start] = program;
    return typeof start === "number" ? decide(program, context, this.#scope) : start;
  }

  isStatic(key: string): boolean {
    return typeof this.#definitions.flags.get(key)?.entry[0] === "object";
  }

  flag(key: string): Flag | undefined {
    return this.#definitions.flags.get(key)?.definition;
  }

  keys(): string[] {
    return Object.keys(this.#definitions.held("flags"));
  }

  patch(patch: RulesetPatch): string[] {
    const { epoch, to, flags, segments } = { ...patch };
    this.ruleset = { ...this.ruleset, epoch, revision: to };
    return this.#definitions.apply({ ...flags }, { ...segments });
  }

  replace(ruleset: Ruleset): string[] {
    const { environmentId, epoch, revision, flags, segments } = { ...NOTHING, ...ruleset };
    this.ruleset = { environmentId, epoch, revision };
    return this.#definitions.replace(flags, segments);
  }

  setKilled(key: string, killed: boolean): string[] {
    return this.#definitions.setKilled(key, killed);
  }

  snapshot(): Ruleset {
    const definitions = this.#definitions;
    return {
      format: 1,
      ...this.ruleset,
      flags: definitions.held("flags"),
      segments: definitions.held("segments"),
      kills: [],
    };
  }

  digest(): string {
    return (this.#definitions.digest() >>> 0).toString(16).padStart(8, "0");
  }

  count(decision: Decision): void {
    this.#usage.count(decision);
  }

  countDefault(key: string, reason: string, variation: string | null = null): void {
    this.#usage.countDefault(key, reason, variation);
  }

  drainUses(): UsageRow[] {
    return this.#usage.drain();
  }
}
