import type { Change } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { IconRobot, IconServer2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { actionWords, describeChange, subjectWords } from "../../lib/describe/describe-change.ts";
import { placesOf } from "../../lib/describe/killed.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./history.module.css";

/** What stands out among edits: flags that went down, and those that came back. */
const KINDS: Partial<Record<Change["action"], "kill" | "lift">> = {
  "kill.accepted": "kill",
  "kill.restored": "kill",
  "kill.lifted": "lift",
  "kill.lifted-as-break-glass": "lift",
  "kill.lifted-on-resolve": "lift",
  "kill.expired": "lift",
};

interface ChangeCardProps {
  change: Change;
  showSubject: boolean;
  onRestore: (() => void) | undefined;
}

export function ChangeCard({ change, showSubject, onRestore }: ChangeCardProps) {
  const project = useProject();
  const lines = describeChange(change);
  return (
    <li className={classes.change} data-kind={KINDS[change.action]}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.head}>
        <span>
          <ActorName actor={change.actor} /> {actionWords(change.action, !showSubject)}{" "}
          {showSubject && <Subject change={change} />}
        </span>
        {placesOf(change, project.environments).map((environment) => (
          <EnvironmentName key={environment.key} environment={environment} />
        ))}
        <span className={classes.when}>
          <TimeAgo at={change.at} />
          {change.subjectRevision !== null && <span> · revision {change.subjectRevision}</span>}
        </span>
      </div>
      {change.message && <p className={classes.message}>{change.message}</p>}
      {lines.length > 0 && <DiffLines lines={lines} />}
      {onRestore && (
        <Button variant="default" size="xs" className={classes.restore} onClick={onRestore}>
          Restore this revision…
        </Button>
      )}
    </li>
  );
}

function ActorName({ actor }: { actor: Change["actor"] }) {
  return (
    <strong className={classes.actor}>
      {actor.kind === "system" && <IconServer2 size={14} aria-hidden="true" />}
      {(actor.kind === "token" || actor.kind === "kill-token") && <IconRobot size={15} aria-label="token" />}
      {actor.name}
    </strong>
  );
}

function Subject({ change }: { change: Change }) {
  const { key: project } = useProject();
  const { kind, key } = change.subject;
  if (kind === "flag") {
    return (
      <Link
        to="/projects/$project/flags/$flag"
        params={{ project, flag: key }}
        search={change.environment ? { env: change.environment } : {}}
        className={classes.subject}
      >
        {key}
      </Link>
    );
  }
  if (kind === "segment") {
    return (
      <Link
        to="/projects/$project/segments/$segment"
        params={{ project, segment: key }}
        className={classes.subject}
      >
        {key}
      </Link>
    );
  }
  return <span className={classes.subject}>{subjectWords(change)}</span>;
}
