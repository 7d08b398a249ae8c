import type { ProjectKillPage } from "@lanyard/contract";
import { Button, Modal, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { notifyDone } from "../../components/notify.ts";
import { environmentNames } from "../../lib/environment-names.ts";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { holderWords } from "../../lib/receipt-words.ts";
import { FlagPicker } from "./flag-picker.tsx";
import classes from "./kills.module.css";
import { liftedWords } from "./lifted-words.ts";
import { killQueries, useBreakGlass } from "./queries.ts";

type Unrecorded = ProjectKillPage["unrecorded"][number];

/** Kills that instances hold and no record has: the server that accepted them was lost. */
export function UnrecordedKills() {
  const project = useProject();
  const { data } = useQuery(killQueries.choices(project.key, ""));
  const [lifting, setLifting] = useState<Unrecorded | null>(null);
  const held = data?.unrecorded ?? [];
  if (held.length === 0 && !lifting) return null;
  return (
    <section aria-label="Kills on no record">
      <h2 className={classes.listTitle}>Held, not on record</h2>
      <ul className={classes.list}>
        {held.map((kill) => (
          <UnrecordedKill
            key={kill.environment + kill.id}
            kill={kill}
            scope={data?.scope}
            onLift={() => setLifting(kill)}
          />
        ))}
      </ul>
      <Modal opened={lifting !== null} onClose={() => setLifting(null)} title="Lift the kill" size="md">
        {lifting && <LiftForm kill={lifting} onClose={() => setLifting(null)} />}
      </Modal>
    </section>
  );
}

interface UnrecordedKillProps {
  kill: Unrecorded;
  scope: ProjectKillPage["scope"] | undefined;
  onLift(): void;
}

function UnrecordedKill({ kill, scope, onLift }: UnrecordedKillProps) {
  const project = useProject();
  const environment = project.environments.find(({ key }) => key === kill.environment);
  return (
    <li className={classes.killCard}>
      <div className={classes.killBody}>
        <p className={classes.killReason}>
          Held by {holderWords(kill)}, not on record
          {scope === "this-node" && " · as this node knows"}
        </p>
        <p className={classes.quiet}>
          {kill.instances === 0
            ? "Only browsers say so, and their key is public: it may be made up."
            : "The server that accepted it was lost before it could tell another."}{" "}
          <span className="mono">{kill.id}</span>
        </p>
        <div className={classes.held}>{environment && <EnvironmentName environment={environment} />}</div>
      </div>
      {can(project, "kill:break-glass") && (
        <Button variant="default" onClick={onLift}>
          Lift…
        </Button>
      )}
    </li>
  );
}

/** What it holds down only the instances know: whoever lifts it names the flags. */
function LiftForm({ kill, onClose }: { kill: Unrecorded; onClose(): void }) {
  const project = useProject();
  const [flags, setFlags] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const lift = useBreakGlass(project.key, (lifted) => {
    notifyDone(liftedWords(lifted, project.environments));
    onClose();
  });
  const isComplete = flags.length > 0 && reason.trim() !== "";
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const { id, environment } = kill;
        lift.mutate({
          kill: id,
          project: project.key,
          environments: [environment],
          flags,
          reason: reason.trim(),
        });
      }}
    >
      <p className={classes.liftText}>
        Held by {holderWords(kill)} in{" "}
        <strong>{environmentNames([kill.environment], project.environments)}</strong>. No record says which
        flags it holds down: name those that should follow their targeting again.
      </p>
      <FlagPicker value={flags} onChange={setFlags} />
      <Textarea
        label="Why it is safe now"
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <FormError error={lift.error} />
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          Keep it killed
        </Button>
        <Button type="submit" color="red" loading={lift.isPending} disabled={!isComplete}>
          Lift as break-glass
        </Button>
      </div>
    </form>
  );
}
