import type { FlagDetail, ManagedSegment } from "@lanyard/contract";
import { describe, expect, it } from "vitest";
import type { Targeting } from "../../lib/targeting.ts";
import { decisionWords } from "./decision-words.ts";
import { loadDecide } from "./load-decide.ts";
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
const decideRuleset = await loadDecide();
const decide = (draft: Targeting, context: Record<string, unknown>, required: FlagDetail[] = []) =>
  decideRuleset(
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

  it("with operators that only some SDKs carry", () => {
    const when = { attribute: "ip", operator: "inCidr", values: ["10.0.0.0/8"] };
    const inside = { ...targeting, rules: [{ id: "r1", when, serve: { variation: "on" } }] };
    expect(decide(inside, { ip: "10.1.2.3" })).toMatchObject({ variation: "on", reason: "rule" });
    expect(decide(inside, { ip: "11.1.2.3" })).toMatchObject({ variation: "off", reason: "fallthrough" });
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
