// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are placed by position.
import type { Environment, FlagListItem } from "@lanyard/contract";
import { Link } from "@tanstack/react-router";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import classes from "./flag-list.module.css";

export function FlagRow({ flag, environments }: { flag: FlagListItem; environments: Environment[] }) {
  const project = useProject();
  const params = { project: project.key, flag: flag.key };
  return (
    <>
      <div role="cell" className={classes.flag}>
        <Link to="/projects/$project/flags/$flag" params={params} className={classes.key}>
          {flag.key}
        </Link>
        <div className={classes.about}>
          {flag.archivedAt && <span className={classes.archived}>archived</span>}
          <span className="truncate">{flag.name}</span>
          {flag.tags.slice(0, 3).map((tag) => (
            <span key={tag} className={classes.tag}>
              {tag}
            </span>
          ))}
        </div>
      </div>
      {environments.map((environment) => {
        const state = flag.environments[environment.key];
        return (
          <div key={environment.key} role="cell" className={classes.state}>
            <span className={classes.phoneName}>
              <EnvironmentName environment={environment} />
            </span>
            {state ? (
              <Link
                to="/projects/$project/flags/$flag"
                params={params}
                search={{ env: environment.key }}
                className={classes.stateLink}
              >
                <StateBadge state={state} off={flag.off} withDetail />
              </Link>
            ) : (
              <span className="dim">–</span>
            )}
          </div>
        );
      })}
      <div role="cell" className={classes.changed}>
        <TimeAgo at={flag.updatedAt} />
      </div>
    </>
  );
}
