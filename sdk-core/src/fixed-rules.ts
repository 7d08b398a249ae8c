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

function flagOf(key: string, value: JsonValue): Flag {
  return {
    type: typeOf(value),
    hash: JSON.stringify(value),
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
