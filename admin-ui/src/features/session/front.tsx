import type { ReactNode } from "react";
import { useEffect } from "react";
import { Wordmark } from "../../components/logo.tsx";
import classes from "./front.module.css";
import { Hoist } from "./hoist.tsx";

interface FrontProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** What stands outside: setup, sign-in, invitations. */
export function Front({ title, lead, children }: FrontProps) {
  useEffect(() => {
    document.title = `${title} · Lanyard`;
  }, [title]);
  return (
    <div className={classes.front}>
      <aside className={classes.picture} aria-hidden="true">
        <Hoist />
        <p className={classes.motto}>
          Hoist a flag.
          <br />
          Pull the cord.
        </p>
      </aside>
      <main className={classes.side}>
        <div className={classes.column}>
          <Wordmark size={26} />
          <h1 className={classes.title}>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
