import type { Environment } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { age, exactTime } from "../../lib/dates.ts";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { useNow } from "../../lib/use-now.ts";
import { KillReceipts } from "./kill-receipts.tsx";
import classes from "./kills.module.css";
import { LiftModal } from "./lift-modal.tsx";
import { type ActiveKill, killQueries } from "./queries.ts";

/** The kills in force, with how long they have been. */
export function ActiveKills() {
  const project = useProject();
  const query = useQuery(killQueries.active(project.key));
  const [lifting, setLifting] = useState<ActiveKill | null>(null);
  return (
    <section aria-label="Active kills">
      <h2 className={classes.listTitle}>Active kills</h2>
      <QueryState query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is killed">Every flag follows its targeting.</EmptyState>
          ) : (
            <ul className={classes.list}>
              {items.map((kill) => (
                <ActiveKillCard key={kill.id} kill={kill} onLift={() => setLifting(kill)} />
              ))}
            </ul>
          )
        }
      </QueryState>
      <LiftModal kill={lifting} onClose={() => setLifting(null)} />
    </section>
  );
}

/** What a kill still holds down, by environment. */
function heldBy(kill: ActiveKill, environments: Environment[]) {
  return environments
    .map((environment) => ({
      environment,
      flags: kill.elements
        .filter((element) => element.environment === environment.key)
        .map((element) => element.flag),
    }))
    .filter(({ flags }) => flags.length > 0);
}

function ActiveKillCard({ kill, onLift }: { kill: ActiveKill; onLift(): void }) {
  const project = useProject();
  const now = useNow(1_000);
  return (
    <li className={classes.killCard}>
      <div className={classes.killBody}>
        <p className={classes.killReason}>{kill.reason ?? "The reason is in the database"}</p>
        <p className={classes.quiet}>
          {kill.by ? `${kill.by.name}, for` : "For"}{" "}
          <time dateTime={kill.at} title={exactTime(kill.at)}>
            {age(kill.at, now)}
          </time>
          {kill.expiresAt && <>, until {exactTime(kill.expiresAt)}</>}
        </p>
        <KillReceipts kill={kill.id} />
        {heldBy(kill, project.environments).map(({ environment, flags }) => (
          <div key={environment.key} className={classes.held}>
            <EnvironmentName environment={environment} />
            <span className={classes.heldFlags}>
              {flags.map((flag) => (
                <Link
                  key={flag}
                  to="/projects/$project/flags/$flag"
                  params={{ project: project.key, flag }}
                  search={{ env: environment.key }}
                  className={classes.heldFlag}
                >
                  {flag}
                </Link>
              ))}
            </span>
          </div>
        ))}
      </div>
      {can(project, "kill:lift") && (
        <Button variant="default" onClick={onLift}>
          Lift…
        </Button>
      )}
    </li>
  );
}
