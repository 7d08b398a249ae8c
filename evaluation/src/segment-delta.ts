import type { Segment } from "./model.ts";

type Lists = Pick<Segment, "included" | "excluded">;

/** What turns one content of a segment into another that differs in its lists only; both are named by their hashes. */
export interface SegmentDelta {
  from: string;
  to: string;
  /** What comes to the end of each list. */
  add: Lists;
  /** What goes out of each list first. */
  remove: Lists;
}

/** Leads exactly to `to` where nothing but the lists differs, and they hold nothing twice. */
export function deltaBetween(from: Segment, to: Segment): SegmentDelta {
  const included = editOf(from.included, to.included);
  const excluded = editOf(from.excluded, to.excluded);
  return {
    from: from.hash,
    to: to.hash,
    add: { included: included.come, excluded: excluded.come },
    remove: { included: included.gone, excluded: excluded.gone },
  };
}

/** The segment that a delta leads to: what stays keeps its order. */
export function applyDelta(segment: Segment, { to, add, remove }: SegmentDelta): Segment {
  const edited = (list: keyof Lists) => {
    const gone = new Set(remove[list]);
    return segment[list].filter((value) => !gone.has(value)).concat(add[list]);
  };
  return { ...segment, hash: to, included: edited("included"), excluded: edited("excluded") };
}

/** What is no longer where it stood goes out, and comes in again at the end if it is still there. */
function editOf(from: string[], to: string[]): { gone: string[]; come: string[] } {
  let kept = 0;
  const gone = from.filter((value) => {
    const stays = value === to[kept];
    if (stays) kept += 1;
    return !stays;
  });
  return { gone, come: to.slice(kept) };
}
