import { useMemo } from "react";
import { ConflictModal } from "../../components/conflict.tsx";
import { describeDiff } from "../../lib/describe/describe-diff.ts";
import type { Targeting } from "../../lib/targeting.ts";
import { mergeTargeting } from "./merge-targeting.ts";
import type { Draft, DraftAction } from "./targeting-draft.ts";

interface TargetingConflictProps {
  opened: boolean;
  onClose(): void;
  draft: Draft;
  newer: { targeting: Targeting; revision: number };
  dispatch(action: DraftAction): void;
}

export function TargetingConflict({ opened, onClose, draft, newer, dispatch }: TargetingConflictProps) {
  const { merged, conflicts } = useMemo(
    () => mergeTargeting(draft.base, draft.now, newer.targeting),
    [draft, newer],
  );
  const goOn = (now: Targeting) =>
    dispatch({ type: "rebased", base: newer.targeting, revision: newer.revision, now });
  return (
    <ConflictModal
      what="flag"
      opened={opened}
      onClose={onClose}
      mine={describeDiff(draft.base, draft.now)}
      theirs={describeDiff(draft.base, newer.targeting)}
      conflicts={conflicts}
      onDropMine={() => goOn(newer.targeting)}
      onPutMineOnTop={() => goOn(merged)}
    />
  );
}
