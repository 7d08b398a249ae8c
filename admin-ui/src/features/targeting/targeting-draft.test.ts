import { describe, expect, it } from "vitest";
import type { Targeting } from "../../lib/targeting.ts";
import { type DraftAction, draftReducer, isDirty, startDraft } from "./targeting-draft.ts";

const rule = (id: string) => ({
  id,
  when: { attribute: "country", operator: "in", values: ["NO"] },
  serve: { variation: "on" },
});
const base: Targeting = {
  on: true,
  prerequisites: [],
  targets: [],
  rules: [rule("a"), rule("b"), rule("c")],
  fallthrough: { variation: "off" },
};
const after = (...actions: DraftAction[]) => actions.reduce(draftReducer, startDraft(base, 7));
const order = (...actions: DraftAction[]) => after(...actions).now.rules.map(({ id }) => id);

describe("the targeting draft", () => {
  it("starts clean, and is clean again when an edit is taken back", () => {
    expect(isDirty(startDraft(base, 7))).toBe(false);
    expect(isDirty(after({ type: "turned", on: false }))).toBe(true);
    expect(isDirty(after({ type: "turned", on: false }, { type: "turned", on: true }))).toBe(false);
    expect(isDirty(after({ type: "turned", on: false }, { type: "discarded" }))).toBe(false);
  });

  it("never touches what was saved", () => {
    const before = structuredClone(base);
    after(
      { type: "rule-removed", id: "a" },
      { type: "rule-moved", id: "c", to: 0 },
      { type: "rule-serve-set", id: "b", serve: { variation: "off" } },
    );
    expect(base).toEqual(before);
  });

  it("moves, copies, removes and adds rules, keeping their ids", () => {
    expect(order({ type: "rule-moved", id: "c", to: 0 })).toEqual(["c", "a", "b"]);
    expect(order({ type: "rule-moved", id: "a", to: 2 })).toEqual(["b", "c", "a"]);
    expect(order({ type: "rule-moved", id: "a", to: 99 })).toEqual(["b", "c", "a"]);
    expect(order({ type: "rule-moved", id: "gone", to: 0 })).toEqual(["a", "b", "c"]);
    expect(order({ type: "rule-copied", id: "a", newId: "d" })).toEqual(["a", "d", "b", "c"]);
    expect(order({ type: "rule-removed", id: "b" })).toEqual(["a", "c"]);
    expect(order({ type: "rule-added", id: "e", serve: { variation: "on" } })).toEqual(["a", "b", "c", "e"]);
  });

  it("edits one rule only", () => {
    const { now } = after({ type: "rule-condition-set", id: "b", when: { segment: "beta" } });
    expect(now.rules[1]).toEqual({ ...rule("b"), when: { segment: "beta" } });
    expect(now.rules[0]).toBe(base.rules[0]);
  });

  it("continues on another revision", () => {
    const mine = { ...base, on: false };
    const draft = after({ type: "rebased", base: { ...base, rules: [] }, revision: 9, now: mine });
    expect(draft.revision).toBe(9);
    expect(isDirty(draft)).toBe(true);
  });
});
