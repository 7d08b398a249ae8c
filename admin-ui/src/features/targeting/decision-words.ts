import type { Decision } from "@lanyard/evaluation";
import type { Targeting } from "../../lib/targeting.ts";

/** Why, as a sentence. */
export function decisionWords(decision: Decision, targeting: Targeting): string {
  const bySplit = decision.split ? ", by its split" : "";
  switch (decision.reason) {
    case "off":
      return "The flag is off.";
    case "killed":
      return "The flag is killed.";
    case "prerequisite-failed":
      return `It requires ${decision.prerequisite}, which does not serve what is asked.`;
    case "target":
      return "This unit is targeted.";
    case "rule": {
      const place = targeting.rules.findIndex((rule) => rule.id === decision.ruleId);
      return `Rule ${place + 1} holds${bySplit}.`;
    }
    case "fallthrough":
      return `No target and no rule holds: everyone else${bySplit}.`;
    case "unit-missing":
      return "The context lacks the unit of the split: the off variation.";
    case "unsupported":
      return "The preview does not know an operator of this flag: an SDK that does not know it serves the off variation.";
    case "flag-not-found":
    case "type-mismatch":
      return "The flag cannot be decided.";
  }
}
