import type { ReactNode } from "react";
import { useEffect } from "react";
import classes from "./page.module.css";

interface PageProps {
  title: string;
  /** Beside the title, where it is more than text. */
  heading?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  width?: "wide" | "reading";
}

export function Page({ title, heading, lead, actions, children, width = "wide" }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Lanyard`;
  }, [title]);
  return (
    <div className={classes.page} data-width={width}>
      <header className={classes.header}>
        <div className={classes.titles}>
          {heading ?? <h1 className={classes.title}>{title}</h1>}
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
