import type { ChangeAction } from "@lanyard/contract";
import { describe, expect, it } from "vitest";
import { actionWords, describeChange, subjectWords } from "./describe-change.ts";

const targeting = { on: false, prerequisites: [], targets: [], rules: [], fallthrough: { variation: "off" } };

describe("a change in words", () => {
  it("finds targeting, bare or wrapped", () => {
    const lines = [{ kind: "turn-on", text: "Turns the flag on" }];
    expect(describeChange({ before: targeting, after: { ...targeting, on: true } })).toEqual(lines);
    expect(
      describeChange({ before: { targeting }, after: { targeting: { ...targeting, on: true } } }),
    ).toEqual(lines);
  });

  it("goes field by field through anything else", () => {
    const before = { id: "1", name: "Old", tags: ["a", "b"], description: "" };
    const after = { id: "2", name: "New", tags: ["b", "c"], description: "x" };
    expect(describeChange({ before, after }).map((line) => line.text)).toEqual([
      "name: “New” (was “Old”)",
      "tags: adds c",
      "tags: removes a",
      "description: “x” (was nothing)",
    ]);
  });

  it("reads a segment's content", () => {
    const content = { unit: "targetingKey", included: ["a"], excluded: [], when: { segment: "x" } };
    const after = { content: { ...content, included: [], when: { not: { segment: "x" } } } };
    expect(describeChange({ before: { content }, after }).map((line) => line.text)).toEqual([
      "included: removes a",
      "when: not (in segment x) (was in segment x)",
    ]);
  });

  it("has nothing to compare when something is made or deleted", () => {
    expect(describeChange({ before: null, after: { name: "x" } })).toEqual([]);
    expect(actionWords("flag.targeting.saved")).toBe("saved the targeting of");
    expect(actionWords("flag.targeting.saved", true)).toBe("saved the targeting");
    expect(actionWords("flag.created", true)).toBe("made the flag");
  });

  it("calls things what people call them, never by an id", () => {
    const kill = { kind: "kill", key: "kill_01" };
    const element = (environmentId: string, flag: string) => ({ environmentId, flag });
    const elements = [element("env_1", "a"), element("env_2", "a"), element("env_1", "b")];
    const many = ["a", "b", "c", "d", "e", "f"];
    const named: [ChangeAction, { kind: string; key: string }, unknown, string][] = [
      ["kill.accepted", kill, { elements }, "a, b"],
      ["kill.lifted", kill, { lifted: elements }, "a, b"],
      ["kill.expired", kill, { lifted: ["a"] }, "a"],
      ["kill.expired", kill, { lifted: many }, "a, b, c, d and 2 more"],
      ["kill.restored", { kind: "environment", key: "env_1" }, { killed: elements, lifted: [] }, "a, b"],
      ["key.created", { kind: "key", key: "key_01" }, { name: "shop" }, "shop"],
      ["member.invited", { kind: "invitation", key: "inv_01" }, { email: "bo@x.org" }, "bo@x.org"],
      ["flag.created", { kind: "flag", key: "new-checkout" }, { name: "New" }, "new-checkout"],
    ];
    for (const [action, subject, after, words] of named)
      expect(subjectWords({ action, subject, before: null, after })).toBe(words);
    const revoked = { action: "key.revoked" as const, subject: { kind: "key", key: "key_01" } };
    expect(subjectWords({ ...revoked, before: { name: "shop" }, after: null })).toBe("shop");
  });
});
