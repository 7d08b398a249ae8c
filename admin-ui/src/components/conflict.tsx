import { Alert, Button, Modal } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import type { DiffLine } from "../lib/describe/describe-diff.ts";
import classes from "./conflict.module.css";
import { DiffLines } from "./diff-lines.tsx";

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
  what: "flag" | "segment";
  opened: boolean;
  onClose(): void;
  mine: DiffLine[];
  theirs: DiffLine[];
  /** What both sides changed, and differently. */
  conflicts: string[];
  onDropMine(): void;
  onPutMineOnTop(): void;
}

/** Both sides of a conflict, and the two ways on; nothing is saved here. */
export function ConflictModal({
  what,
  opened,
  onClose,
  mine,
  theirs,
  conflicts,
  ...ways
}: ConflictModalProps) {
  const goOn = (way: () => void) => () => {
    way();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Both sides changed this ${what}`} size="xl">
      <div className={classes.sides}>
        <section className={classes.side} aria-label="Yours">
          <h3>Yours, not saved</h3>
          <DiffLines lines={mine} />
        </section>
        <section className={classes.side} aria-label="Theirs">
          <h3>Theirs, saved</h3>
          <DiffLines lines={theirs} />
        </section>
      </div>
      {conflicts.length > 0 ? (
        <Alert color="orange" mt="md">
          Both changed {conflicts.join(", ")}. On top of theirs, yours replaces it there.
        </Alert>
      ) : (
        <p className={classes.quiet}>The two do not touch each other: together they are both.</p>
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={goOn(ways.onDropMine)}>
          Drop mine
        </Button>
        <Button onClick={goOn(ways.onPutMineOnTop)}>Put mine on top</Button>
      </div>
    </Modal>
  );
}
