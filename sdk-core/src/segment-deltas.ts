import type { Evaluator, Segment } from "@lanyard/evaluation";
import { applyDelta, type SegmentDelta } from "@lanyard/evaluation/segment-delta";
import type { Expand, Patch } from "./frames.ts";

/** A patch as it travels to an SDK that takes deltas. */
type Sent = Omit<Patch, "segments"> & { segments: Record<string, Segment | SegmentDelta | null> };

/**
 * Puts whole segments in the place of a patch's deltas, by what the evaluator holds. It throws at a delta that does not start from that,
 * or leads to something else than it says. `hashOf` names a segment's JSON as the server does.
 */
export function createExpand(evaluator: Evaluator, hashOf: (json: string) => string): Expand {
  function whole(key: string, delta: SegmentDelta): Segment {
    const held = evaluator.entries.segment.get(key)?.definition as Segment | undefined;
    if (held?.hash !== delta.from) throw delta;
    const segment = applyDelta(held, delta);
    const { hash, ...content } = segment;
    if (hashOf(JSON.stringify(content)) !== hash) throw delta;
    return segment;
  }

  return (name, frame) => {
    if (name !== "patch") return;
    const patch = frame as Sent;
    const { epoch, revision } = evaluator.ruleset;
    // Any other is not going to be applied.
    if (patch.epoch !== epoch || patch.from !== revision) patch.segments = {};
    for (const [key, change] of Object.entries(patch.segments))
      if (change && "from" in change) patch.segments[key] = whole(key, change);
  };
}
