import { Switch } from "@mantine/core";
import { useEditedFlag } from "./flag-context.ts";
import classes from "./targeting.module.css";

export function OnSwitch({ on, off, onChange }: { on: boolean; off: string; onChange(on: boolean): void }) {
  const { readOnly } = useEditedFlag();
  return (
    <section className={classes.onCard} data-on={on || undefined} aria-label="On or off">
      <Switch
        size="lg"
        checked={on}
        disabled={readOnly}
        color="green"
        label={<span className={classes.onWord}>{on ? "On" : "Off"}</span>}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <p className={classes.onText}>
        {on ? (
          "The targeting below decides."
        ) : (
          <>
            Everyone gets <span className="mono">{off}</span>; the targeting below waits.
          </>
        )}
      </p>
    </section>
  );
}
