import { describe, expect, it } from "vitest";
import { followed, mergeFields, withKept } from "./form-base.ts";

const fields = { name: "Beta", tags: ["a"] };
const base = { fields, version: 3 };
const renamed = { ...fields, name: "Alpha" };
const tagged = { ...fields, tags: ["a", "b"] };

describe("a form, when somebody else saves", () => {
  it("follows as long as nothing in it is unsaved, or what is unsaved is what was saved", () => {
    expect(followed(base, fields, { fields: renamed, version: 4 })).toEqual(renamed);
    expect(followed(base, renamed, { fields: renamed, version: 4 })).toEqual(renamed);
  });

  it("keeps its edits, and what they are based on", () => {
    expect(followed(base, tagged, { fields: renamed, version: 4 })).toBeUndefined();
    expect(followed(base, tagged, { fields: renamed, version: 3 })).toBeUndefined();
  });

  it("moves its edits to a version that changes none of its fields", () => {
    expect(followed(base, tagged, { fields, version: 4 })).toBe(tagged);
  });

  it("does not go back to an answer that was overtaken", () => {
    expect(followed(base, fields, { fields: renamed, version: 2 })).toBeUndefined();
  });
});

describe("edits that a reload left behind", () => {
  const kept = { base, now: tagged };
  const begins = (saved: typeof base, found: unknown) => withKept(saved, JSON.parse(JSON.stringify(found)));

  it("are taken up, on what they were based on", () => {
    expect(begins(base, kept)).toEqual(kept);
    expect(begins({ fields: renamed, version: 4 }, kept)).toEqual(kept);
  });

  it("are left where they are of a later save, or of a form with other fields", () => {
    const fresh = { base, now: fields };
    expect(begins(base, { ...kept, base: { fields, version: 4 } })).toEqual(fresh);
    for (const now of [{ name: "Beta" }, { ...tagged, more: 1 }, { ...tagged, tags: "a" }, null, "x"])
      expect(begins(base, { base, now })).toEqual(fresh);
    for (const found of [null, "x", [], {}, { now: tagged }]) expect(begins(base, found)).toEqual(fresh);
  });

  it("may have emptied a field, or filled an empty one", () => {
    const withWhen = (when: object | null) => ({ name: "Beta", when });
    const saved = { fields: withWhen(null), version: 3 };
    const filled = { base: saved, now: withWhen({ all: [] }) };
    expect(withKept(saved, filled)).toEqual(filled);
    const emptied = { base: { fields: withWhen({ all: [] }), version: 3 }, now: withWhen(null) };
    expect(withKept(emptied.base, emptied)).toEqual(emptied);
  });
});

describe("edits on top of what somebody else saved", () => {
  it("take each field from the side that changed it", () => {
    expect(mergeFields(fields, tagged, renamed)).toEqual({
      merged: { name: "Alpha", tags: ["a", "b"] },
      conflicts: [],
    });
  });

  it("win where both changed a field, and say so", () => {
    expect(mergeFields(fields, { ...tagged, name: "Mine" }, renamed)).toEqual({
      merged: { name: "Mine", tags: ["a", "b"] },
      conflicts: ["name"],
    });
    expect(mergeFields(fields, renamed, renamed).conflicts).toEqual([]);
  });

  it("can take a field away", () => {
    const mine: { name: string; when?: string } = { name: "Beta" };
    expect(mergeFields({ ...mine, when: "x" }, mine, { ...mine, when: "x" }).merged.when).toBeUndefined();
  });
});
