import type { FlagDetail, ManagedSegment } from "@lanyard/contract";
import { evaluate } from "@lanyard/evaluation";
import { describe, expect, it } from "vitest";
import type { Targeting } from "../../lib/targeting.ts";
import { decisionWords } from "./decision-words.ts";
import { previewRuleset } from "./preview-ruleset.ts";

const targeting: Targeting = {
  on: true,
  prerequisites: [],
  targets: [],
  rules: [{ id: "r1", when: { segment: "nordic" }, serve: { variation: "on" } }],
  fallthrough: { variation: "off" },
};
const detail = (key: string, own: Targeting): FlagDetail =>
  ({
    key,
    type: "boolean",
    seed: key,
    off: "off",
    audience: "server",
    variations: [
      { id: "on", value: true },
      { id: "off", value: false },
    ],
    environments: { production: { targeting: own, kills: [] } },
  }) as unknown as FlagDetail;
const nordic = {
  key: "nordic",
  content: {
    unit: "targetingKey",
    included: [],
    excluded: ["ex"],
    when: { attribute: "country", operator: "in", values: ["NO"] },
  },
} as unknown as ManagedSegment;

const flag = detail("cart", { ...targeting, on: false });
const decide = (draft: Targeting, context: Record<string, unknown>, required: FlagDetail[] = []) =>
  evaluate(
    previewRuleset({ flag, targeting: draft, environment: "production", required, segments: [nordic] }),
    "cart",
    context,
  );

describe("the preview decides the draft, not what is saved", () => {
  it("with segments", () => {
    const decision = decide(targeting, { targetingKey: "u", country: "NO" });
    expect(decision).toMatchObject({ variation: "on", reason: "rule" });
    expect(decisionWords(decision, targeting)).toBe("Rule 1 holds.");
    expect(decide(targeting, { targetingKey: "ex", country: "NO" }).variation).toBe("off");
  });

  it("with the flags that it requires", () => {
    const needing = { ...targeting, prerequisites: [{ flag: "base", variations: ["on"] }] };
    const base = detail("base", { ...targeting, rules: [], fallthrough: { variation: "on" } });
    const context = { targetingKey: "u", country: "NO" };
    expect(decide(needing, context, [base]).variation).toBe("on");
    const failed = decide(needing, context);
    expect(decisionWords(failed, needing)).toContain("It requires base");
  });
});
