import type { Condition } from "@lanyard/evaluation";
import { describe, expect, it } from "vitest";
import type { Targeting } from "../targeting.ts";
import { conditionWords, serveWords } from "./describe-condition.ts";
import { describeDiff } from "./describe-diff.ts";

const country: Condition = { attribute: "country", operator: "in", values: ["NO", "SE"] };
const pro: Condition = { attribute: "plan", operator: "in", values: ["pro"] };
const split = (on: number) => ({
  split: {
    unit: "targetingKey",
    weights: [
      { variation: "on", weight: on },
      { variation: "off", weight: 100_000 - on },
    ],
  },
});
const base: Targeting = {
  on: false,
  prerequisites: [],
  targets: [],
  rules: [{ id: "r1", when: country, serve: { variation: "on" } }],
  fallthrough: split(10_000),
};
const texts = (after: Targeting) => describeDiff(base, after).map((line) => line.text);

describe("conditions in words", () => {
  it("reads as a sentence", () => {
    expect(conditionWords(country)).toBe("country is one of “NO” or “SE”");
    expect(conditionWords({ all: [pro, { not: country }] })).toBe(
      "plan is “pro” and not (country is one of “NO” or “SE”)",
    );
    expect(conditionWords({ all: [pro, { any: [country, { segment: "beta" }] }] })).toBe(
      "plan is “pro” and (country is one of “NO” or “SE” or in segment beta)",
    );
    expect(
      conditionWords({ attribute: "email", operator: "endsWith", values: ["@x.org"], ignoreCase: true }),
    ).toBe("email ends with “@x.org” (any case)");
    expect(conditionWords({ attribute: "plan", operator: "exists" })).toBe("plan is present");
  });

  it("shows an unknown shape as it is", () => {
    expect(conditionWords({ future: true } as unknown as Condition)).toBe('{"future":true}');
  });

  it("counts long lists", () => {
    expect(conditionWords({ attribute: "n", operator: "in", values: [1, 2, 3, 4, 5, 6] })).toBe(
      "n is one of 1, 2, 3, 4 or 2 more",
    );
  });

  it("writes splits", () => {
    expect(serveWords(split(25_000))).toBe("25\u00a0% on, 75\u00a0% off");
    expect(serveWords({ split: { ...split(1).split, unit: "companyId" } })).toBe(
      "0.001\u00a0% on, 99.999\u00a0% off by companyId",
    );
  });
});

describe("the diff in words", () => {
  it("is empty when nothing changes", () => {
    expect(describeDiff(base, structuredClone(base))).toEqual([]);
  });

  it("says what is turned on, and whom a raised ramp moves", () => {
    const lines = describeDiff(base, { ...base, on: true, fallthrough: split(25_000) });
    expect(lines).toEqual([
      { kind: "turn-on", text: "Turns the flag on" },
      {
        kind: "change",
        text: "Everyone else: 25\u00a0% on, 75\u00a0% off (was 10\u00a0% on, 90\u00a0% off)",
        note: "Only adds people to on: nobody is moved out",
      },
    ]);
  });

  it("counts who moves among more than two", () => {
    const weights = (a: number, b: number) => [
      { variation: "on", weight: a },
      { variation: "off", weight: b },
      { variation: "maybe", weight: 100_000 - a - b },
    ];
    const serve = (a: number, b: number) => ({ split: { unit: "targetingKey", weights: weights(a, b) } });
    const [line] = describeDiff(
      { ...base, fallthrough: serve(20_000, 30_000) },
      { ...base, fallthrough: serve(30_000, 30_000) },
    );
    expect(line?.note).toBe(
      "20\u00a0% of people change variation: 10\u00a0% from off to on, 10\u00a0% from maybe to off",
    );
  });

  it("warns when a new unit deals everyone anew", () => {
    const after = { ...base, fallthrough: { split: { ...split(10_000).split, unit: "companyId" } } };
    expect(describeDiff(base, after)[0]?.note).toContain("anew");
  });

  it("names rules that come, go, change and move", () => {
    const second = { id: "r2", when: pro, serve: { variation: "off" } };
    expect(texts({ ...base, rules: [...base.rules, second] })).toEqual([
      "Adds rule 2: if plan is “pro”, serve off",
    ]);
    expect(texts({ ...base, rules: [] })).toEqual([
      "Removes rule 1: if country is one of “NO” or “SE”, serve on",
    ]);
    const two = { ...base, rules: [...base.rules, second] };
    expect(describeDiff(two, { ...two, rules: [...two.rules].reverse() }).map((line) => line.text)).toEqual([
      "Reorders the rules: 2, 1 (by their old numbers)",
    ]);
    expect(texts({ ...base, rules: [{ id: "r1", when: pro, serve: { variation: "off" } }] })).toEqual([
      "Rule 1 now asks: plan is “pro” (was country is one of “NO” or “SE”)",
      "Rule 1: off (was on)",
    ]);
  });

  it("names the units that are targeted", () => {
    const targets = [{ unit: "targetingKey", variation: "on", values: ["ana", "bo"] }];
    expect(texts({ ...base, targets })).toEqual(["Targets on at ana, bo"]);
    expect(describeDiff({ ...base, targets }, base).map((line) => line.text)).toEqual([
      "No longer targets on at ana, bo",
    ]);
  });
});
