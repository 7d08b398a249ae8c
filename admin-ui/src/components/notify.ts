import { notifications } from "@mantine/notifications";

/** Short word that something is done; faults stand where they are, never here. */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 4_000, withBorder: true });
}
