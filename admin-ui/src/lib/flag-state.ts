import type { FlagState } from "@lanyard/contract";
import { formatPercent, TOTAL_WEIGHT } from "./weights.ts";

/** What a flag does in an environment, as a person says it. */
export interface StateSummary {
  kind: "on" | "partial" | "off" | "killed";
  word: string;
  /** Share that is served something other than the off variation; of `partial`. */
  share: number;
  /** What the word leaves out. */
  detail: string;
}

type Serves = FlagState["serves"];

/** Weight of everything but the off variation. */
function exposedWeight(serves: Serves, off: string): number {
  if ("variation" in serves) return serves.variation === off ? 0 : TOTAL_WEIGHT;
  return serves.split.reduce((sum, entry) => sum + (entry.variation === off ? 0 : entry.weight), 0);
}

export function summarise(
  state: Pick<FlagState, "on" | "kills" | "serves" | "rules" | "targets">,
  off: string,
): StateSummary {
  const exposed = exposedWeight(state.serves, off);
  const share = exposed / TOTAL_WEIGHT;
  if (state.kills.length > 0) return { kind: "killed", word: "Killed", share: 0, detail: `serves ${off}` };
  if (!state.on) return { kind: "off", word: "Off", share: 0, detail: `serves ${off}` };
  const special = specialCases(state.rules, state.targets);
  if (exposed === 0) {
    const detail = special ? `only by ${special}` : `serves ${off}`;
    return { kind: special ? "partial" : "on", word: "On", share: 0, detail };
  }
  if (exposed < TOTAL_WEIGHT) {
    return {
      kind: "partial",
      word: formatPercent(exposed),
      share,
      detail: special ? `+ ${special}` : "of everyone",
    };
  }
  const serves =
    "variation" in state.serves ? `serves ${state.serves.variation}` : splitWords(state.serves.split);
  return { kind: "on", word: "On", share: 1, detail: special ? `${serves} + ${special}` : serves };
}

function specialCases(rules: number, targets: number): string {
  const parts: string[] = [];
  if (rules > 0) parts.push(rules === 1 ? "1 rule" : `${rules} rules`);
  if (targets > 0) parts.push("targets");
  return parts.join(" and ");
}

function splitWords(split: { variation: string; weight: number }[]): string {
  const served = split.filter((entry) => entry.weight > 0);
  return served.length === 1 ? `serves ${served[0]?.variation}` : `${served.length}-way split`;
}
