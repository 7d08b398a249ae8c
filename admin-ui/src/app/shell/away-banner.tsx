import { IconDatabaseOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useIsAway } from "../../lib/kill-page.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./away-banner.module.css";

/** Says that the database is away and what still works; when it is back, everything is read again. */
export function AwayBanner() {
  const project = useProject();
  const client = useQueryClient();
  const isAway = useIsAway();
  useEffect(() => {
    if (!isAway) return undefined;
    return () => void client.invalidateQueries();
  }, [isAway, client]);
  if (!isAway) return null;
  return (
    <div className={classes.banner} role="status">
      <IconDatabaseOff size={20} aria-hidden="true" className={classes.icon} />
      <p className={classes.text}>
        <strong>The database does not answer.</strong> Flags, SDKs and kills go on from memory; everything
        else waits.
      </p>
      <Link
        to="/projects/$project/kill"
        params={{ project: project.key }}
        className={classes.link}
        activeProps={{ "data-active": true }}
      >
        Kill page
      </Link>
    </div>
  );
}
