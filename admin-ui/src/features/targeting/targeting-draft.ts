import type { Condition, Prerequisite, Rule, Serve, Target } from "@lanyard/evaluation";
import { sameJson, type Targeting } from "../../lib/targeting.ts";

/** What is being edited, and the saved targeting that it started from. */
export interface Draft {
  base: Targeting;
  /** Of `base`; the next save is based on it. */
  revision: number;
  now: Targeting;
}

export type DraftAction =
  | { type: "turned"; on: boolean }
  | { type: "fallthrough-set"; serve: Serve }
  | { type: "rule-added"; id: string; serve: Serve }
  | { type: "rule-copied"; id: string; newId: string }
  | { type: "rule-removed"; id: string }
  | { type: "rule-moved"; id: string; to: number }
  | { type: "rule-condition-set"; id: string; when: Condition }
  | { type: "rule-serve-set"; id: string; serve: Serve }
  | { type: "targets-set"; targets: Target[] }
  | { type: "prerequisites-set"; prerequisites: Prerequisite[] }
  | { type: "replaced"; now: Targeting }
  /** Unsaved edits are dropped. */
  | { type: "discarded" }
  /** The saved targeting is another now; `now` is what stays to be saved on top of it. */
  | { type: "rebased"; base: Targeting; revision: number; now: Targeting };

export const startDraft = (base: Targeting, revision: number): Draft => ({ base, revision, now: base });

export const isDirty = (draft: Draft): boolean => !sameJson(draft.base, draft.now);

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  if (action.type === "rebased") return { base: action.base, revision: action.revision, now: action.now };
  const now = edited(draft, action);
  return now === draft.now ? draft : { ...draft, now };
}

function edited({ base, now }: Draft, action: Exclude<DraftAction, { type: "rebased" }>): Targeting {
  switch (action.type) {
    case "turned":
      return { ...now, on: action.on };
    case "fallthrough-set":
      return { ...now, fallthrough: action.serve };
    case "targets-set":
      return { ...now, targets: action.targets };
    case "prerequisites-set":
      return { ...now, prerequisites: action.prerequisites };
    case "replaced":
      return action.now;
    case "discarded":
      return base;
    case "rule-added":
      return { ...now, rules: [...now.rules, newRule(action.id, action.serve)] };
    case "rule-removed":
      return { ...now, rules: now.rules.filter((rule) => rule.id !== action.id) };
    case "rule-copied":
      return {
        ...now,
        rules: now.rules.flatMap((rule) =>
          rule.id === action.id ? [rule, { ...rule, id: action.newId }] : [rule],
        ),
      };
    case "rule-moved":
      return { ...now, rules: moved(now.rules, action.id, action.to) };
    case "rule-condition-set":
      return withRule(now, action.id, (rule) => ({ ...rule, when: action.when }));
    case "rule-serve-set":
      return withRule(now, action.id, (rule) => ({ ...rule, serve: action.serve }));
  }
}

const newRule = (id: string, serve: Serve): Rule => ({
  id,
  when: { all: [{ attribute: "", operator: "in", values: [] }] },
  serve,
});

function withRule(now: Targeting, id: string, change: (rule: Rule) => Rule): Targeting {
  return { ...now, rules: now.rules.map((rule) => (rule.id === id ? change(rule) : rule)) };
}

function moved(rules: Rule[], id: string, to: number): Rule[] {
  const from = rules.findIndex((rule) => rule.id === id);
  const target = Math.min(rules.length - 1, Math.max(0, to));
  const rule = rules[from];
  if (!rule || from === target) return rules;
  const rest = rules.filter((other) => other.id !== id);
  return [...rest.slice(0, target), rule, ...rest.slice(target)];
}
