import type { Environment } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { describeDiff } from "../../lib/describe/describe-diff.ts";
import classes from "./targeting.module.css";
import type { Draft } from "./targeting-draft.ts";

interface SaveBarProps {
  draft: Draft;
  environment: Environment;
  blocked: boolean;
  onReview(): void;
  onDiscard(): void;
}

/** Stays in sight while there is something to save. */
export function SaveBar({ draft, environment, blocked, onReview, onDiscard }: SaveBarProps) {
  const count = describeDiff(draft.base, draft.now).length;
  useHotkeys([["mod+S", () => !blocked && onReview()]], []);
  return (
    <section className={classes.saveBar} aria-label="Unsaved changes">
      <span className={classes.saveText}>
        <strong>{count <= 1 ? "1 unsaved change" : `${count} unsaved changes`}</strong>
        <span className={classes.saveWhere}>
          in <EnvironmentName environment={environment} />
        </span>
      </span>
      <Button variant="default" onClick={onDiscard}>
        Discard
      </Button>
      <Button onClick={onReview}>Review and save</Button>
    </section>
  );
}
