import { useEffect, useRef, useState } from "react";
import classes from "./hold-button.module.css";

const HOLD_MS = 800;
/** After a short press a second one counts from here on; a nervous double click does not. */
const ARMED_FROM_MS = 600;
const ARMED_FOR_MS = 6_000;

interface HoldButtonProps {
  children: string;
  disabled?: boolean;
  busy?: boolean;
  onConfirm(): void;
}

/** Confirmed by holding it down; or, for hands that cannot hold, by pressing it twice with a pause between. */
export function HoldButton({ children, disabled = false, busy = false, onConfirm }: HoldButtonProps) {
  const [holding, setHolding] = useState(false);
  const [armedAt, setArmedAt] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const blocked = disabled || busy;

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (armedAt === null) return;
    const disarm = setTimeout(() => setArmedAt(null), ARMED_FOR_MS);
    return () => clearTimeout(disarm);
  }, [armedAt]);

  /** No key-up comes to what has lost focus, to another window say: whoever left did not confirm. */
  const abandon = () => {
    clearTimeout(timer.current);
    setHolding(false);
    setArmedAt(null);
  };
  const confirm = () => {
    abandon();
    onConfirm();
  };
  const press = () => {
    if (blocked || holding) return;
    if (armedAt !== null && Date.now() - armedAt >= ARMED_FROM_MS) return confirm();
    setHolding(true);
    timer.current = setTimeout(confirm, HOLD_MS);
  };
  const release = () => {
    if (!holding) return;
    clearTimeout(timer.current);
    setHolding(false);
    setArmedAt(Date.now());
  };
  const isPressKey = (key: string) => key === "Enter" || key === " ";

  return (
    <button
      type="button"
      className={classes.button}
      data-holding={holding || undefined}
      data-armed={armedAt !== null || undefined}
      disabled={blocked}
      onPointerDown={(event) => event.button === 0 && press()}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isPressKey(event.key)) return;
        event.preventDefault();
        if (!event.repeat) press();
      }}
      onKeyUp={(event) => isPressKey(event.key) && release()}
      onBlur={abandon}
    >
      <span className={classes.fill} aria-hidden="true" />
      <span className={classes.label} aria-live="polite">
        {busy ? "Killing…" : armedAt !== null ? "Press again to confirm" : children}
      </span>
    </button>
  );
}
