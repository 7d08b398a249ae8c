import type { AcceptedKill } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { exactTime } from "../../lib/dates.ts";
import { environmentNames } from "../../lib/environment-names.ts";
import { useProject } from "../../lib/project-context.ts";
import { someOf } from "../../lib/some-of.ts";
import { KillReceipts } from "./kill-receipts.tsx";
import classes from "./kills.module.css";

const STORES: Record<AcceptedKill["durable"][number], string> = {
  postgres: "PostgreSQL",
  redis: "Redis",
  journal: "a file of this server",
  ephemeral: "a file that goes with this server",
};

const storeNames = (stores: AcceptedKill["durable"]) => stores.map((one) => STORES[one]).join(", ");

/** What was done: what it covers, where it is kept, who was told. */
export function KillResult({ kill, onAgain }: { kill: AcceptedKill; onAgain(): void }) {
  const project = useProject();
  const pending = kill.pending.length > 0;
  return (
    <section className={classes.result} role="status">
      <h2 className={classes.resultTitle}>Killed</h2>
      <dl className={classes.facts}>
        <dt>Flags</dt>
        <dd className="mono">{someOf(kill.flags, 12)}</dd>
        <dt>Environments</dt>
        <dd>{environmentNames(kill.environments, project.environments).join(", ")}</dd>
        {kill.expiresAt && (
          <>
            <dt>Ends by itself</dt>
            <dd>{exactTime(kill.expiresAt)}</dd>
          </>
        )}
        <dt>SDKs told</dt>
        <dd>{kill.connected === 1 ? "1 connected instance" : `${kill.connected} connected instances`}</dd>
        <dt>Kept in</dt>
        <dd>{storeNames(kill.durable)}</dd>
      </dl>
      <KillReceipts kill={kill} />
      {kill.unknownFlags.length > 0 && (
        <p className={classes.warning}>
          Not known here, so not covered: <span className="mono">{kill.unknownFlags.join(", ")}</span>
        </p>
      )}
      {pending && (
        <p className={classes.warning}>
          Not yet in {storeNames(kill.pending)}: it will be, when that is back.
        </p>
      )}
      {kill.reach === "this node" && (
        <p className={classes.warning}>
          Told to the SDKs of this server only: the others hear of it when PostgreSQL or Redis is back.
        </p>
      )}
      <p className={classes.quiet}>Flags that match later are not covered.</p>
      <Button variant="default" onClick={onAgain}>
        Kill something else
      </Button>
    </section>
  );
}
