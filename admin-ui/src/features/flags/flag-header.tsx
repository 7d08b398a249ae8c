import type { Environment, FlagDetail } from "@lanyard/contract";
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import { CopyIcon } from "../../components/copy.tsx";
import { EnvironmentName, environmentColor } from "../../components/environment-mark.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useProject } from "../../lib/project-context.ts";
import classes from "./flag-header.module.css";

/** Name, key and the few facts of a flag. */
export function FlagTitle({ flag }: { flag: FlagDetail }) {
  const project = useProject();
  return (
    <div>
      <Link to="/projects/$project/flags" params={{ project: project.key }} className={classes.back}>
        Flags
      </Link>
      <h1 className={classes.title}>{flag.name}</h1>
      <div className={classes.facts}>
        <span className={classes.key}>
          <span className="mono">{flag.key}</span>
          <CopyIcon value={flag.key} label="Copy the key" />
        </span>
        <span>{flag.type}</span>
        <span>{flag.purpose}</span>
        <span>{flag.audience === "client" ? "client: browsers too" : "server only"}</span>
        {flag.owner && <span>owned by {flag.owner}</span>}
        {flag.tags.map((tag) => (
          <Link
            key={tag}
            to="/projects/$project/flags"
            params={{ project: project.key }}
            search={{ tag }}
            className={classes.tag}
          >
            {tag}
          </Link>
        ))}
        {flag.archivedAt && <strong className={classes.archived}>Archived</strong>}
      </div>
      {flag.description && <p className={classes.description}>{flag.description}</p>}
    </div>
  );
}

interface EnvironmentTabsProps {
  flag: FlagDetail;
  current: string;
  onChange(environment: string): void;
}

/** The state in every environment; the one that is looked at stands out in its colour. */
export function EnvironmentTabs({ flag, current, onChange }: EnvironmentTabsProps) {
  const project = useProject();
  return (
    <nav className={classes.environments} aria-label="Environments">
      {project.environments.map((environment) => (
        <EnvironmentTab
          key={environment.key}
          flag={flag}
          environment={environment}
          selected={environment.key === current}
          onSelect={() => onChange(environment.key)}
        />
      ))}
    </nav>
  );
}

interface EnvironmentTabProps {
  flag: FlagDetail;
  environment: Environment;
  selected: boolean;
  onSelect(): void;
}

function EnvironmentTab({ flag, environment, selected, onSelect }: EnvironmentTabProps) {
  const state = flag.environments[environment.key];
  return (
    <button
      type="button"
      className={classes.environment}
      aria-pressed={selected}
      style={{ "--environment": environmentColor(environment) } as CSSProperties}
      onClick={onSelect}
    >
      <EnvironmentName environment={environment} />
      {state && <StateBadge state={state} off={flag.off} size="lg" withDetail />}
    </button>
  );
}
