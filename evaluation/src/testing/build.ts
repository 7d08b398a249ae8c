import type { Condition, Flag, Ruleset, Segment } from "../model.ts";

/** A boolean flag that is on for everybody, but for what a test says. */
export function flagOf(parts: Partial<Flag> = {}): Flag {
  const flag: Omit<Flag, "hash"> = {
    type: "boolean",
    on: true,
    seed: "seed",
    variations: [
      { id: "on", value: true },
      { id: "off", value: false },
    ],
    off: "off",
    audience: "server",
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: "on" },
    ...parts,
  };
  return { hash: contentHash(flag), ...flag };
}

/** A flag that is on where a condition holds. */
export function ruleOf(when: Condition): Flag {
  return flagOf({
    rules: [{ id: "rule", when, serve: { variation: "on" } }],
    fallthrough: { variation: "off" },
  });
}

/** A segment by `targetingKey`, empty but for what a test says. */
export function segmentOf(parts: Partial<Segment> = {}): Segment {
  const segment = { unit: "targetingKey", included: [], excluded: [], ...parts };
  return { hash: contentHash(segment), ...segment };
}

/** A ruleset at revision 1. */
export function rulesetOf(flags: Record<string, Flag>, parts: Partial<Ruleset> = {}): Ruleset {
  return {
    format: 1,
    environmentId: "env_test",
    epoch: 1,
    revision: 1,
    flags,
    segments: {},
    kills: [],
    ...parts,
  };
}

/** A stand-in for the server's content hash: equal content, equal text. */
export function contentHash(content: object): string {
  return JSON.stringify(content);
}
