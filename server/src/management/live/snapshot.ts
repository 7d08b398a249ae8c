import type { Flag, Segment } from "@lanyard/evaluation";
import { contentHash } from "../changes/index.ts";

/** The part of a flag's snapshot that belongs to one environment. */
export type Targeting = Pick<Flag, "on" | "prerequisites" | "targets" | "rules" | "fallthrough" | "stale">;

/** The rest, the same in every environment. */
export type Definition = Pick<Flag, "type" | "seed" | "variations" | "off" | "audience">;

/** The flag named by its content, as it travels and is stored. */
export function makeFlag(definition: Definition, targeting: Targeting): Flag {
  const content = { ...definitionOf(definition), ...targetingOf(targeting) };
  return { ...content, hash: contentHash(content) };
}

export function makeSegment({ unit, included, excluded, when }: Omit<Segment, "hash">): Segment {
  const content = { unit, included, excluded, ...(when && { when }) };
  return { ...content, hash: contentHash(content) };
}

/** What a flag does before anybody has said more. */
export function untargeted(variations: Flag["variations"], off: string): Targeting {
  const first = variations.find(({ id }) => id !== off) ?? variations[0];
  return {
    on: false,
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: first?.id ?? off },
  };
}

/** The same definition, as if it were new. */
export function turnedOff(flag: Flag): Flag {
  return makeFlag(flag, untargeted(flag.variations, flag.off));
}

export function targetingOf(flag: Targeting): Targeting {
  const { on, prerequisites, targets, rules, fallthrough, stale } = flag;
  return { on, prerequisites, targets, rules, fallthrough, ...(stale && { stale }) };
}

function definitionOf({ type, seed, variations, off, audience }: Definition): Definition {
  return { type, seed, variations, off, audience };
}
