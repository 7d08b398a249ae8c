import { Button, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { heldBy } from "./held-flags.ts";
import { KillAge } from "./kill-age.tsx";
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

function ActiveKillCard({ kill, onLift }: { kill: ActiveKill; onLift(): void }) {
  const project = useProject();
  return (
    <li className={classes.killCard}>
      <div className={classes.killBody}>
        <p className={classes.killReason}>
          {kill.reason ?? (
            <span className={classes.unknown}>
              Its reason is not known while the database does not answer
            </span>
          )}
        </p>
        <p className={classes.quiet}>
          <KillAge kill={kill} />
        </p>
        <KillReceipts kill={kill} />
        {heldBy(kill.elements, project.environments).map(({ environments, flags }) => (
          <HeldFlags key={environments[0].key} environments={environments} flags={flags} />
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

/** Of many flags the first are shown until all are asked for. */
const FEW = 12;

function HeldFlags({ environments, flags }: ReturnType<typeof heldBy>[number]) {
  const project = useProject();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole || flags.length <= FEW ? flags : flags.slice(0, FEW - 1);
  return (
    <div className={classes.held}>
      {environments.map((environment) => (
        <EnvironmentName key={environment.key} environment={environment} />
      ))}
      <span className={classes.heldFlags}>
        {shown.map((flag) => (
          <Link
            key={flag}
            to="/projects/$project/flags/$flag"
            params={{ project: project.key, flag }}
            search={{ env: environments[0].key }}
            className={classes.heldFlag}
          >
            {flag}
          </Link>
        ))}
        {shown.length < flags.length && (
          <UnstyledButton className={classes.heldMore} onClick={() => setWhole(true)}>
            {flags.length - shown.length} more
          </UnstyledButton>
        )}
      </span>
    </div>
  );
}
