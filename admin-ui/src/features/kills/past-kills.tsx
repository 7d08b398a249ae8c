import type { Kill } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
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
  const lift = kill.elements.find((element) => element.lift)?.lift;
  const flags = [...new Set(kill.elements.map((element) => element.flag))];
  return (
    <li className={classes.pastKill}>
      <span className="mono">
        {flags.length > 3 ? `${flags.slice(0, 3).join(", ")} and ${flags.length - 3} more` : flags.join(", ")}
      </span>
      <span className={classes.quiet}>
        {kill.reason} · {kill.by.name} <TimeAgo at={kill.at} />
        {lift && (
          <>
            {" · lifted by "}
            {lift.by.name} <TimeAgo at={lift.at} />
            {lift.reason && `: ${lift.reason}`}
          </>
        )}
      </span>
    </li>
  );
}
