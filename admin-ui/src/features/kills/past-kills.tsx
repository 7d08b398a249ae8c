import type { Kill } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import { someOf } from "../../lib/some-of.ts";
import classes from "./kills.module.css";
import { killQueries } from "./queries.ts";

/** Kills that are over. */
export function PastKills() {
  const project = useProject();
  const query = useInfiniteQuery(killQueries.past(project.key));
  const past = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (past.length === 0) return null;
  return (
    <section aria-label="Lifted kills">
      <h2 className={classes.listTitle}>Lifted</h2>
      <ul className={classes.list}>
        {past.map((kill) => (
          <PastKill key={kill.id} kill={kill} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="subtle" color="gray" mt="xs" onClick={() => void query.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </section>
  );
}

function PastKill({ kill }: { kill: Kill }) {
  const project = useProject();
  const flags = [...new Set(kill.elements.map((element) => element.flag))];
  const places = new Set(kill.elements.map((element) => element.environment));
  return (
    <li className={classes.pastKill}>
      <span className={classes.pastPlaces}>
        {project.environments
          .filter(({ key }) => places.has(key))
          .map((environment) => (
            <EnvironmentName key={environment.key} environment={environment} />
          ))}
        <span className="mono">{someOf(flags, 3)}</span>
      </span>
      <span className={classes.quiet}>
        {kill.reason} · {kill.by.name} <TimeAgo at={kill.at} />
        <LastLift kill={kill} />
      </span>
    </li>
  );
}

/** What ended it: parts of it may have been lifted before. */
function LastLift({ kill }: { kill: Kill }) {
  const lifts = kill.elements.flatMap(({ lift }) => (lift ? [lift] : []));
  const [last] = lifts.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (!last) return null;
  const { by, at, reason } = last;
  return (
    <>
      {by.kind === "system" ? " · ended " : ` · lifted by ${by.name} `}
      <TimeAgo at={at} />
      {reason && `: ${reason}`}
    </>
  );
}
