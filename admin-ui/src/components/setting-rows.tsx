import type { ReactNode } from "react";
import classes from "./setting-rows.module.css";

/** A list of things with a few facts each: columns on a desktop, cards on a phone. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  main: ReactNode;
  sub?: ReactNode;
  facts?: ReactNode;
  actions?: ReactNode;
  muted?: boolean;
}

export function Row({ main, sub, facts, actions, muted }: RowProps) {
  return (
    <li className={classes.row} data-muted={muted || undefined}>
      <div className={classes.main}>
        <div className={classes.name}>{main}</div>
        {sub && <div className={classes.sub}>{sub}</div>}
      </div>
      {facts && <div className={classes.facts}>{facts}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </li>
  );
}
