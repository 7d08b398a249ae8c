import type { Flag, JsonValue, Ruleset } from "@lanyard/evaluation";
import { typeOf } from "./reads.ts";

/** Rules by which each flag answers everybody, pages too, with one value. */
export function fixedRules(flags: ReadonlyMap<string, JsonValue>, revision: number): Ruleset {
  const entries = [...flags].map(([key, value]) => [key, flagOf(key, value)] as const);
  return {
    format: 1,
    environmentId: "test",
    epoch: 1,
    revision,
    flags: Object.fromEntries(entries),
    segments: {},
    kills: [],
  };
}

function flagOf(key: string, given: JsonValue): Flag {
  const hash = JSON.stringify(given);
  // Whoever reads it gets it frozen, and an object of a test's stays the test's.
  const value = typeof given === "object" ? JSON.parse(hash) : given;
  return {
    type: typeOf(value),
    hash,
    on: true,
    seed: key,
    variations: [{ id: "set", value }],
    off: "set",
    audience: "client",
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: "set" },
  };
}
