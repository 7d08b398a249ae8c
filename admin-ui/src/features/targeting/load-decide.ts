import type { Context, Decision, Ruleset } from "@lanyard/evaluation";

/** The function that the SDKs run, with every operator and algorithm; fetched when somebody looks at a decision. */
export async function loadDecide(): Promise<(ruleset: Ruleset, key: string, context: Context) => Decision> {
  const [{ evaluate }, { operators }, { algorithms }] = await Promise.all([
    import("@lanyard/evaluation"),
    import("@lanyard/evaluation/operators"),
    import("@lanyard/evaluation/algorithms"),
  ]);
  return (ruleset, key, context) => evaluate(ruleset, key, context, { operators, algorithms });
}
