import type { Environment } from "@lanyard/contract";
import { IconShieldLock } from "@tabler/icons-react";
import classes from "./environment-mark.module.css";

type Shown = Pick<Environment, "name" | "color" | "protected">;

export const environmentColor = (environment: Pick<Environment, "color">): string =>
  `var(--ly-env-${environment.color})`;

interface EnvironmentMarkProps {
  environment: Shown;
  size?: number;
  /** In the colour of the text around it: on a filled ground. */
  plain?: boolean;
}

/** An environment's mark: a pennant in its colour; a shield where it is protected. */
export function EnvironmentMark({ environment, size = 14, plain = false }: EnvironmentMarkProps) {
  return (
    <span className={classes.mark} style={plain ? undefined : { color: environmentColor(environment) }}>
      {environment.protected ? (
        <IconShieldLock size={size + 2} stroke={2} aria-label="protected" />
      ) : (
        <svg width={size} height={size} viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
          <path d="M2 1h10.6L9.4 5l3.2 4H3.6v4.4H2z" />
        </svg>
      )}
    </span>
  );
}

export function EnvironmentName({ environment, plain = false }: { environment: Shown; plain?: boolean }) {
  return (
    <span className={classes.name}>
      <EnvironmentMark environment={environment} plain={plain} />
      <span className="truncate">{environment.name}</span>
    </span>
  );
}
