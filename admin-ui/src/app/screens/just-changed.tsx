import type { UiEvent } from "@lanyard/contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sessionQueries } from "../../features/session/queries.ts";
import { actionWords } from "../../lib/describe/describe-change.ts";
import { useLiveEvents } from "../../lib/live-context.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./flag-screen.module.css";

const SHOWN_MS = 12_000;

type Change = Extract<UiEvent, { type: "change" }>["change"];

/** Says for a while who just changed the flag that is on the page. */
export function JustChanged({ flag }: { flag: string }) {
  const project = useProject();
  const { data: account } = useQuery(sessionQueries.current());
  const [change, setChange] = useState<Change | null>(null);
  useLiveEvents((event) => {
    if (event.type !== "change" || event.change.subject.kind !== "flag" || event.change.subject.key !== flag)
      return;
    if (event.change.actor.id !== account?.id) setChange(event.change);
  });
  useEffect(() => {
    if (!change) return;
    const timer = setTimeout(() => setChange(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [change]);
  const environment = project.environments.find((one) => one.key === change?.environment);
  return (
    <div role="status">
      {change && (
        <div className={classes.changed}>
          {change.actor.name} {actionWords(change.action)} {flag}
          {environment && ` in ${environment.name}`} just now.
        </div>
      )}
    </div>
  );
}
