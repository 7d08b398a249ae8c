import type { Flag, Ruleset } from "@lanyard/evaluation";
import { operators } from "@lanyard/evaluation/operators";
import { createSpecialiser } from "@lanyard/evaluation/specialise";
import { expect, it } from "vitest";
import { inBrowsers } from "./in-browsers.ts";

const serve = { variation: "on" };
const flag = (rules: Flag["rules"]): Flag => ({
  type: "boolean",
  hash: "",
  on: true,
  seed: "s",
  variations: [
    { id: "on", value: true },
    { id: "off", value: false },
  ],
  off: "off",
  audience: "client",
  prerequisites: [],
  targets: [],
  rules,
  fallthrough: { variation: "off" },
});
const look = (rules: Flag["rules"], segments: Ruleset["segments"] = {}) =>
  inBrowsers(
    {
      format: 1,
      environmentId: "",
      epoch: 0,
      revision: 0,
      flags: { cart: flag(rules) },
      segments,
      kills: [],
    },
    "cart",
    new Set(["country"]),
    createSpecialiser,
    { operators },
  );

const isPublic = { attribute: "country", operator: "in", values: ["NO"] };
const isPrivate = { attribute: "plan", operator: "in", values: ["pro"] };

it("shows what is left for an anonymous visitor, and counts what is not", () => {
  const shown = look([
    { id: "r1", when: isPrivate, serve },
    { id: "r2", when: { any: [isPrivate, isPublic] }, serve },
  ]);
  expect(shown?.rules).toEqual([{ id: "r2", when: isPublic, serve }]);
  expect(shown).toMatchObject({ hiddenRules: 1, fallthrough: { variation: "off" }, hasExclusions: false });
});

it("says when nobody is left for the rest", () => {
  const shown = look([{ id: "r1", when: { not: isPrivate }, serve }]);
  expect(shown).toMatchObject({ rules: [{ when: { all: [] } }], fallthrough: undefined });
});

it("knows of exclusions in segments of segments, and of operators that a page must register", () => {
  const list = { hash: "", unit: "targetingKey", included: [] };
  const segments = {
    staff: { ...list, excluded: [], when: { segment: "people" } },
    people: {
      ...list,
      excluded: ["u-1"],
      when: { attribute: "country", operator: "matches", values: ["^N"] },
    },
  };
  expect(look([{ id: "r1", when: { segment: "staff" }, serve }], segments)).toMatchObject({
    hasExclusions: true,
    operators: ["matches"],
  });
});
