import { describe, expect, it } from "vitest";
import type { Targeting } from "../../lib/targeting.ts";
import { mergeTargeting } from "./merge-targeting.ts";

const rule = (id: string, variation = "on") => ({ id, when: { segment: "beta" }, serve: { variation } });
const base: Targeting = {
  on: false,
  prerequisites: [],
  targets: [],
  rules: [rule("a"), rule("b")],
  fallthrough: { variation: "off" },
};

describe("both sides of a conflict", () => {
  it("takes what only one side changed from that side", () => {
    const { merged, conflicts } = mergeTargeting(
      base,
      { ...base, on: true, rules: [rule("a", "off"), rule("b")] },
      { ...base, fallthrough: { variation: "on" }, rules: [rule("a"), rule("b"), rule("c")] },
    );
    expect(conflicts).toEqual([]);
    expect(merged).toEqual({
      ...base,
      on: true,
      fallthrough: { variation: "on" },
      rules: [rule("a", "off"), rule("b"), rule("c")],
    });
  });

  it("names what both changed, and keeps mine there", () => {
    const { merged, conflicts } = mergeTargeting(
      base,
      { ...base, rules: [rule("a", "mine"), rule("b")], fallthrough: { variation: "x" } },
      { ...base, rules: [rule("a", "theirs"), rule("b")], fallthrough: { variation: "x" } },
    );
    expect(conflicts).toEqual(["rule 1"]);
    expect(merged.rules[0]).toEqual(rule("a", "mine"));
  });

  it("drops a rule that either side removed, unless the other changed it", () => {
    expect(mergeTargeting(base, { ...base, rules: [rule("b")] }, base).merged.rules).toEqual([rule("b")]);
    expect(mergeTargeting(base, base, { ...base, rules: [rule("a")] }).merged.rules).toEqual([rule("a")]);
    const edited = mergeTargeting(
      base,
      { ...base, rules: [rule("a", "new"), rule("b")] },
      { ...base, rules: [rule("b")] },
    );
    expect(edited.merged.rules).toContainEqual(rule("a", "new"));
    expect(edited.conflicts).toEqual(["rule 1"]);
  });

  it("keeps an order that only I changed", () => {
    const mine = { ...base, rules: [rule("b"), rule("a")] };
    expect(mergeTargeting(base, mine, { ...base, on: true }).merged.rules).toEqual([rule("b"), rule("a")]);
  });
});
