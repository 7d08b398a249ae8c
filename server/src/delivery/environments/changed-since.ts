import type { Condition } from "@lanyard/evaluation";
import type { EnvironmentState, Reached } from "./state.ts";

/** How far back flags can be told by the time of their change. */
export const REMEMBERED_MS = 24 * 3_600_000;
/** More are told apart less finely. */
const REMEMBERED_REVISIONS = 1_000;

export function noteReached(state: EnvironmentState, reached: Reached): void {
  const recent = state.reached.filter(({ at }) => at > reached.at - REMEMBERED_MS);
  state.reached = thinned([...recent, reached]);
}

/**
 * As many as are remembered: of the older half, two become one for as long as it takes. It stands for both, so that what
 * changed since a time covers more than it should, and never less.
 */
export function thinned(reached: Reached[]): Reached[] {
  if (reached.length <= REMEMBERED_REVISIONS) return reached;
  const half = Math.ceil(reached.length / 4) * 2;
  const older = reached.slice(0, half).flatMap(({ revision }, index) => {
    const next = reached[index + 1];
    return index % 2 === 0 && next ? [{ revision, at: next.at }] : [];
  });
  return thinned([...older, ...reached.slice(half)]);
}

/** Keys of the flags that were changed then or later, themselves or in a segment that they name. */
export function flagsChangedSince(state: EnvironmentState, since: number): string[] {
  const first = state.reached.find(({ at }) => at >= since);
  if (!first) return [];
  const isRecent = ({ revision }: { revision: number }) => revision >= first.revision;
  const changedSegments = new Set(
    [...state.segments].flatMap(([key, entry]) => (isRecent(entry) ? [key] : [])),
  );
  const usesChanged = segmentUse(state, changedSegments);
  return [...state.flags].flatMap(([key, entry]) => {
    const rules = entry.content?.rules ?? [];
    return isRecent(entry) || rules.some(({ when }) => usesChanged(when)) ? [key] : [];
  });
}

/** Whether a condition comes to one of the segments, through others too. */
function segmentUse({ segments }: EnvironmentState, wanted: ReadonlySet<string>) {
  const known = new Map<string, boolean>([...wanted].map((key) => [key, true]));
  const uses = (condition: Condition | undefined): boolean => {
    if (!condition || wanted.size === 0) return false;
    if ("all" in condition) return condition.all.some(uses);
    if ("any" in condition) return condition.any.some(uses);
    if ("not" in condition) return uses(condition.not);
    if (!("segment" in condition)) return false;
    const { segment } = condition;
    const found = known.get(segment);
    if (found !== undefined) return found;
    // Before it is looked into, so that a circle ends.
    known.set(segment, false);
    known.set(segment, uses(segments.get(segment)?.content?.when));
    return known.get(segment) ?? false;
  };
  return uses;
}
