import { describe, expect, it } from "vitest";
import { type KillDraft, killBody, killWords, missingFrom, startingEnvironments } from "./kill-draft.ts";

const NOW = Date.parse("2026-11-22T03:00:00.000Z");
const draft: KillDraft = {
  by: "flags",
  flags: ["cart"],
  tag: "checkout",
  owner: "team-cart",
  environments: ["production"],
  reason: " errors ",
};

const named = [{ key: "production", name: "Production" }];

describe("a kill before it is sent", () => {
  it("says what is missing, one thing at a time", () => {
    expect(missingFrom(draft)).toBeUndefined();
    expect(missingFrom({ ...draft, flags: [] })).toBe("Choose a flag");
    expect(missingFrom({ ...draft, by: "tag", tag: "" })).toBe("Choose a tag");
    expect(missingFrom({ ...draft, by: "owner", owner: "" })).toBe("Choose an owner");
    expect(missingFrom({ ...draft, environments: [] })).toBe("Choose an environment");
    expect(missingFrom({ ...draft, reason: "  " })).toBe("Say why");
  });

  it("sends exactly one selector", () => {
    expect(killBody(draft, "web", "i", NOW)).toEqual({
      project: "web",
      environments: ["production"],
      reason: "errors",
      idempotencyKey: "i",
      flags: ["cart"],
    });
    expect(killBody({ ...draft, by: "tag" }, "web", "i", NOW)).not.toHaveProperty("flags");
    const owned = killBody({ ...draft, by: "owner" }, "web", "i", NOW);
    expect(owned).toMatchObject({ owner: "team-cart" });
    for (const other of ["flags", "tag"]) expect(owned).not.toHaveProperty(other);
    const changed = killBody({ ...draft, by: "changed" }, "web", "i", NOW);
    expect(changed).toMatchObject({ changedSince: "2026-11-22T02:00:00.000Z" });
    expect(changed).not.toHaveProperty("flags");
  });

  it("says on the button what it will do", () => {
    expect(killWords(draft, named)).toBe("Hold to kill cart in Production");
    expect(killWords({ ...draft, by: "owner" }, named)).toBe(
      "Hold to kill all that team-cart owns in Production",
    );
    expect(killWords({ ...draft, by: "tag", environments: ["a", "b", "c"] }, named)).toBe(
      "Hold to kill all tagged checkout in 3 environments",
    );
    expect(killWords({ ...draft, by: "changed", environments: ["gone"] }, named)).toBe(
      "Hold to kill all changed in the last hour in gone",
    );
  });

  it("begins where an incident is", () => {
    const environments = [
      { key: "development", protected: false },
      { key: "production", protected: true },
    ];
    expect(startingEnvironments(environments, undefined)).toEqual(["production"]);
    expect(startingEnvironments(environments, "development")).toEqual(["development"]);
    expect(startingEnvironments(environments, "gone")).toEqual(["production"]);
    expect(startingEnvironments([{ key: "a", protected: false }], undefined)).toEqual(["a"]);
  });
});
