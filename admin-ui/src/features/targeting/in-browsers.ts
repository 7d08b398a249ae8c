import type { Condition, Rule, Ruleset, Serve } from "@lanyard/evaluation";
import type { createSpecialiser } from "@lanyard/evaluation/specialise";

/** What the page of a visitor about whom nothing is verified gets of a flag. */
export interface InBrowsers {
  rules: Rule[];
  /** Undefined where the last rule decides for everybody. */
  fallthrough: Serve | undefined;
  /** Rules of the flag that no anonymous visitor can meet. */
  hiddenRules: number;
  /** Whether a segment keeps people out whom only a signature makes known. */
  hasExclusions: boolean;
  /** Operators that a page has to register. */
  operators: string[];
}

const REGISTRABLE = new Set(["matches", "inCidr"]);

export function inBrowsers(
  ruleset: Ruleset,
  key: string,
  publicAttributes: ReadonlySet<string>,
  create: typeof createSpecialiser,
  extensions: Parameters<typeof createSpecialiser>[2],
): InBrowsers | undefined {
  const flag = create(ruleset, { publicAttributes }, extensions).residual({}).flags[key];
  if (!flag) return undefined;
  const isClosed = flag.rules.some(({ when }) => "all" in when && when.all.length === 0);
  const whole = ruleset.flags[key];
  const asked = whole?.rules.flatMap(({ when }) => conditionsIn(when, ruleset)) ?? [];
  const left = flag.rules.flatMap(({ when }) => conditionsIn(when, ruleset));
  return {
    rules: flag.rules,
    fallthrough: isClosed ? undefined : flag.fallthrough,
    hiddenRules: (whole?.rules.length ?? 0) - flag.rules.length,
    hasExclusions: asked.some(
      (at) => "segment" in at && (ruleset.segments[at.segment]?.excluded.length ?? 0) > 0,
    ),
    operators: [
      ...new Set(
        left.flatMap((at) => ("attribute" in at && REGISTRABLE.has(at.operator) ? [at.operator] : [])),
      ),
    ],
  };
}

/** A condition and all that it asks, through segments too. */
function conditionsIn(root: Condition, { segments }: Ruleset): Condition[] {
  const found = new Set([root]);
  for (const at of found) {
    const inner =
      "all" in at
        ? at.all
        : "any" in at
          ? at.any
          : "not" in at
            ? [at.not]
            : "segment" in at
              ? [segments[at.segment]?.when]
              : [];
    for (const each of inner) if (each) found.add(each);
  }
  return [...found];
}
