import { useEffect, useReducer } from "react";
import { forget, readStored, store } from "../../lib/storage.ts";
import { isTargeting, sameJson, type Targeting } from "../../lib/targeting.ts";
import { type Draft, type DraftAction, draftReducer, isDirty, startDraft } from "./targeting-draft.ts";

interface Saved {
  targeting: Targeting;
  revision: number;
}

interface TargetingDraft {
  draft: Draft;
  dispatch(action: DraftAction): void;
  dirty: boolean;
  /** What was saved since, by someone else, while there are unsaved edits. */
  newer: Saved | undefined;
}

/** A draft that survives reload, and follows what is saved elsewhere as long as nothing here is unsaved. */
export function useTargetingDraft(place: string, saved: Saved): TargetingDraft {
  const storageKey = `lanyard:draft:${place}`;
  const [draft, dispatch] = useReducer(draftReducer, saved, (start) => restored(storageKey, start));
  const dirty = isDirty(draft);
  const behind = saved.revision > draft.revision;
  const agrees = !dirty || sameJson(draft.now, saved.targeting);

  useEffect(() => {
    if (behind && agrees) {
      dispatch({ type: "rebased", base: saved.targeting, revision: saved.revision, now: saved.targeting });
    }
  }, [behind, agrees, saved.targeting, saved.revision]);

  useEffect(() => {
    if (dirty) store(storageKey, draft);
    else forget(storageKey);
  }, [storageKey, draft, dirty]);

  return { draft, dispatch, dirty, newer: behind && !agrees ? saved : undefined };
}

function restored(storageKey: string, saved: Saved): Draft {
  const kept = readStored(storageKey);
  return isDraft(kept) && kept.revision <= saved.revision
    ? kept
    : startDraft(saved.targeting, saved.revision);
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  return (
    "revision" in value &&
    typeof value.revision === "number" &&
    "base" in value &&
    isTargeting(value.base) &&
    "now" in value &&
    isTargeting(value.now)
  );
}
