import { NOT_FOUND } from "./compile.ts";
import { createDefinitions, type Definitions } from "./definitions.ts";
import type { Context, Decision, Flag, Ruleset, Segment } from "./model.ts";
import type { Extensions } from "./operators/modules.ts";
import { decide } from "./program.ts";

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
  /** What the digest of the rules is made of. */
  readonly entries: Definitions["entries"];
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
}

const NOTHING = { environmentId: "", epoch: 0, revision: 0 };

/** Makes an evaluator of a ruleset, with its kills applied. Anything in it that is no flag is left out. */
export function createEvaluator(ruleset: Ruleset, extensions: Extensions = {}): Evaluator {
  const definitions = createDefinitions(extensions);
  const { entries, programOf, apply, setKilled } = definitions;
  const flags = entries.flag;
  const held = <T>(kind: keyof typeof entries): Record<string, T> =>
    Object.fromEntries(
      [...entries[kind]].flatMap(([key, { definition }]) => (definition ? [[key, definition as T]] : [])),
    );
  // An engine makes a dictionary of a literal with a getter, and looks its functions up at every read.
  const evaluator: Evaluator & { ruleset: RulesetIdentity } = {
    ruleset: NOTHING,
    entries,
    setKilled,
    evaluate(key, context) {
      const flag = flags.get(key);
      if (flag === undefined) return NOT_FOUND;
      const program = flag.program ?? programOf(flag);
      const start = program[0];
      return typeof start === "number" ? decide(program, context, definitions) : start;
    },
    isStatic(key) {
      const flag = flags.get(key);
      return flag !== undefined && typeof programOf(flag)[0] === "object";
    },
    flag: (key) => flags.get(key)?.definition as Flag | undefined,
    keys: () => Object.keys(held("flag")),
    patch(patch) {
      const { epoch, to, flags, segments } = { ...patch };
      evaluator.ruleset = { ...evaluator.ruleset, epoch, revision: to };
      return apply({ ...flags }, { ...segments });
    },
    replace(ruleset) {
      const { environmentId, epoch, revision, flags, segments } = { ...NOTHING, ...ruleset };
      evaluator.ruleset = { environmentId, epoch, revision };
      return apply(Object(flags), Object(segments), true);
    },
    snapshot: () => ({
      format: 1,
      ...evaluator.ruleset,
      flags: held("flag"),
      segments: held("segment"),
      kills: [],
    }),
  };
  evaluator.replace(ruleset);
  for (const kill of [ruleset?.kills].flat()) setKilled(kill?.flag, true);
  return evaluator;
}

/** Decides once. Whoever decides more often makes an evaluator. */
export function evaluate(ruleset: Ruleset, key: string, context: Context, extensions?: Extensions): Decision {
  return createEvaluator(ruleset, extensions).evaluate(key, context);
}
