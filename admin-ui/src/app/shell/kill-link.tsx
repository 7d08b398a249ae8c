import { Kbd } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { killQueries } from "../../features/kills/queries.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./kill-link.module.css";

/** The way to the kill page, with how many kills are in force. */
export function KillLink({ bar = false }: { bar?: boolean }) {
  const project = useProject();
  const { data } = useQuery(killQueries.active(project.key));
  const count = data?.items.length ?? 0;
  return (
    <Link
      to="/projects/$project/kill"
      params={{ project: project.key }}
      className={bar ? classes.bar : classes.link}
      // Its code is here before it is needed, and the server perhaps away.
      preload="render"
      activeProps={{ "data-active": true }}
    >
      <svg
        width={bar ? 22 : 18}
        height={bar ? 22 : 18}
        viewBox="0 0 16 16"
        aria-hidden="true"
        className={classes.glyph}
      >
        <path d="M5.1.8h5.8l4.3 4.3v5.8l-4.3 4.3H5.1L.8 10.9V5.1z" fill="currentColor" />
        <path d="M4.4 8h7.2" className={classes.stroke} strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      <span className={classes.word}>Kill</span>
      {count > 0 && (
        <span className={classes.count}>
          {count}
          <span className={classes.active}> active</span>
        </span>
      )}
      {!bar && <Kbd size="xs">K</Kbd>}
    </Link>
  );
}
