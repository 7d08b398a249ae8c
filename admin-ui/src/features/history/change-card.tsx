import type { Change } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { IconRobot, IconServer2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { actionWords, describeChange, subjectWords } from "../../lib/describe/describe-change.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./history.module.css";

interface ChangeCardProps {
  change: Change;
  showSubject: boolean;
  onRestore: (() => void) | undefined;
}

export function ChangeCard({ change, showSubject, onRestore }: ChangeCardProps) {
  const project = useProject();
  const environment = project.environments.find((one) => one.key === change.environment);
  const lines = describeChange(change);
  return (
    <li className={classes.change} data-kind={change.action.startsWith("kill") ? "kill" : undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.head}>
        <span>
          <ActorName actor={change.actor} /> {actionWords(change.action)}{" "}
          {showSubject && <Subject change={change} />}
        </span>
        {environment && <EnvironmentName environment={environment} />}
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
