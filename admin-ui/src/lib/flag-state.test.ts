import { describe, expect, it } from "vitest";
import { summarise } from "./flag-state.ts";

const kill = {
  id: "k",
  reason: "errors",
  at: "2026-11-22T00:00:00Z",
  by: { kind: "user" as const, id: "u", name: "Ana" },
  expiresAt: null,
};
const state = { on: true, kills: [], serves: { variation: "on" }, rules: 0, targets: 0 };
const quarter = {
  split: [
    { variation: "on", weight: 25_000 },
    { variation: "off", weight: 75_000 },
  ],
};

describe("the state of a flag in one environment", () => {
  it("is killed before it is anything else", () => {
    expect(summarise({ ...state, kills: [kill] }, "off")).toMatchObject({ kind: "killed", word: "Killed" });
    expect(summarise({ ...state, on: false, kills: [kill] }, "off").kind).toBe("killed");
  });

  it("is off, on, or a percentage", () => {
    expect(summarise({ ...state, on: false }, "off")).toMatchObject({ kind: "off", word: "Off" });
    expect(summarise(state, "off")).toMatchObject({ kind: "on", word: "On", detail: "serves on" });
    expect(summarise({ ...state, serves: quarter }, "off")).toMatchObject({
      kind: "partial",
      word: "25\u00a0%",
      share: 0.25,
      detail: "of everyone",
    });
  });

  it("does not say that everyone gets what only a rule serves", () => {
    const only = summarise({ ...state, serves: { variation: "off" }, rules: 2, targets: 1 }, "off");
    expect(only).toMatchObject({ kind: "partial", word: "On", detail: "only by 2 rules and targets" });
    expect(summarise({ ...state, serves: { variation: "off" } }, "off").detail).toBe("serves off");
  });
});
