import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { messageOf } from "../lib/problem.ts";

/** What a form could not send, above its button; faults of single fields stand at the fields. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
      {messageOf(error)}
    </Alert>
  );
}
