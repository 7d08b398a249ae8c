import type { Warning } from "@lanyard/contract";
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import classes from "./saved-warnings.module.css";

interface SavedWarningsProps {
  warnings: Warning[] | undefined;
  onDismiss(): void;
}

/** Who may not understand what was saved just now; stays where it was saved until it is put away. */
export function SavedWarnings({ warnings = [], onDismiss }: SavedWarningsProps) {
  // The same is said of every environment that it holds in.
  const details = [...new Set(warnings.map(({ detail }) => detail))];
  if (details.length === 0) return null;
  return (
    <Alert
      className={classes.warnings}
      color="orange"
      icon={<IconAlertTriangle size={18} />}
      title="Saved, but not understood everywhere"
      role="alert"
      withCloseButton
      closeButtonLabel="Put the warning away"
      onClose={onDismiss}
    >
      <ul className={classes.details}>
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
    </Alert>
  );
}
