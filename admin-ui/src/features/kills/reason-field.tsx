import { Textarea, UnstyledButton } from "@mantine/core";
import classes from "./kills.module.css";

const QUICK = ["Errors are rising", "Latency is rising", "Customers see it broken", "An alert fired"];

/** Why; with the usual answers one tap away. */
export function ReasonField({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <div>
      <Textarea
        label="Reason"
        description="The record and every page show it"
        required
        data-autofocus
        maxLength={1000}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={classes.quick}>
        {QUICK.map((reason) => (
          <UnstyledButton key={reason} className={classes.quickReason} onClick={() => onChange(reason)}>
            {reason}
          </UnstyledButton>
        ))}
      </div>
    </div>
  );
}
