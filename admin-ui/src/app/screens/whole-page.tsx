import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Wordmark } from "../../components/logo.tsx";
import classes from "./whole-page.module.css";

/** One state where a whole page would be: with the name of the product, and the way home. */
export function WholePage({ children }: { children: ReactNode }) {
  return (
    <main className={classes.page}>
      <h1 className={classes.name}>
        <Link to="/" className={classes.home}>
          <Wordmark size={24} />
        </Link>
      </h1>
      {children}
    </main>
  );
}
