import { Alert, Button, Modal } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useMemo } from "react";
import { DiffLines } from "../../components/diff-lines.tsx";
import { describeDiff } from "../../lib/describe/describe-diff.ts";
import type { Targeting } from "../../lib/targeting.ts";
import { mergeTargeting } from "./merge-targeting.ts";
import classes from "./targeting.module.css";
import type { Draft, DraftAction } from "./targeting-draft.ts";

export function NewerNotice({ onCompare }: { onCompare(): void }) {
  return (
    <Alert
      color="orange"
      icon={<IconGitMerge size={18} />}
      title="Someone saved this in the meantime"
      role="alert"
    >
      <div className={classes.newer}>
        <span>Your edits are kept. Look at both sides before you go on.</span>
        <Button size="xs" onClick={onCompare}>
          Show both sides
        </Button>
      </div>
    </Alert>
  );
}

interface ConflictModalProps {
  opened: boolean;
  onClose(): void;
  draft: Draft;
  newer: { targeting: Targeting; revision: number };
  dispatch(action: DraftAction): void;
}

/** Both sides of a conflict, and the two ways on; nothing is saved here. */
export function ConflictModal({ opened, onClose, draft, newer, dispatch }: ConflictModalProps) {
  const { merged, conflicts } = useMemo(
    () => mergeTargeting(draft.base, draft.now, newer.targeting),
    [draft, newer],
  );
  const goOn = (now: Targeting) => {
    dispatch({ type: "rebased", base: newer.targeting, revision: newer.revision, now });
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Both sides changed this flag" size="xl">
      <div className={classes.sides}>
        <section className={classes.sideBox} aria-label="Yours">
          <h3>Yours, not saved</h3>
          <DiffLines lines={describeDiff(draft.base, draft.now)} />
        </section>
        <section className={classes.sideBox} aria-label="Theirs">
          <h3>Theirs, saved</h3>
          <DiffLines lines={describeDiff(draft.base, newer.targeting)} />
        </section>
      </div>
      {conflicts.length > 0 ? (
        <Alert color="orange" mt="md">
          Both changed {conflicts.join(", ")}. On top of theirs, yours replaces it there.
        </Alert>
      ) : (
        <p className={classes.quiet}>The two do not touch each other: together they are both.</p>
      )}
      <div className={classes.reviewFoot}>
        <Button variant="default" onClick={() => goOn(newer.targeting)}>
          Drop mine
        </Button>
        <Button onClick={() => goOn(merged)}>Put mine on top</Button>
      </div>
    </Modal>
  );
}
