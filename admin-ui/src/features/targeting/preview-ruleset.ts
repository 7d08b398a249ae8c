import type { FlagDetail, ManagedSegment } from "@lanyard/contract";
import type { Flag, Ruleset, Segment } from "@lanyard/evaluation";
import { type Targeting, targetingOf } from "../../lib/targeting.ts";

interface PreviewInput {
  flag: FlagDetail;
  /** What the edited flag would do. */
  targeting: Targeting;
  environment: string;
  /** Those that the flag requires, and what they require. */
  required: FlagDetail[];
  segments: ManagedSegment[];
}

/** The ruleset that a decision about the draft needs, without kills: they are said apart. */
export function previewRuleset({ flag, targeting, environment, required, segments }: PreviewInput): Ruleset {
  const flags: Record<string, Flag> = { [flag.key]: modelFlag(flag, targeting) };
  for (const other of required) {
    const state = other.environments[environment];
    if (state && other.key !== flag.key) flags[other.key] = modelFlag(other, targetingOf(state));
  }
  return {
    format: 1,
    environmentId: environment,
    epoch: 0,
    revision: 0,
    flags,
    segments: Object.fromEntries(segments.map((one) => [one.key, { ...one.content, hash: "" } as Segment])),
    kills: required.flatMap((other) =>
      (other.environments[environment]?.kills ?? []).map((kill) => ({
        id: kill.id,
        flag: other.key,
        at: kill.at,
      })),
    ),
  };
}

function modelFlag(flag: FlagDetail, targeting: Targeting): Flag {
  const { type, seed, variations, off, audience } = flag;
  return { ...targeting, type, seed, variations, off, audience, hash: "" };
}
