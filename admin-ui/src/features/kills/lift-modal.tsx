import { Alert, Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../../components/form-error.tsx";
import { notifyDone } from "../../components/notify.ts";
import { environmentNames } from "../../lib/environment-names.ts";
import { useIsAway } from "../../lib/kill-page.ts";
import { can } from "../../lib/permissions.ts";
import { isCode } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { someOf } from "../../lib/some-of.ts";
import classes from "./kills.module.css";
import { liftedWords } from "./lifted-words.ts";
import { type ActiveKill, useBreakGlass, useLift } from "./queries.ts";

interface LiftModalProps {
  kill: (Pick<ActiveKill, "id" | "reason"> & { elements?: ActiveKill["elements"] }) | null;
  /** Only this flag of the kill. */
  flag?: string;
  /** Only there. */
  environment?: string;
  onClose(): void;
}

/** Lifting brings exposure back: it says what, and asks once. */
export function LiftModal({ kill, flag, environment, onClose }: LiftModalProps) {
  return (
    <Modal opened={kill !== null} onClose={onClose} title="Lift the kill" size="md">
      {kill && (
        <LiftForm
          key={kill.id}
          kill={kill}
          {...(flag ? { flag } : {})}
          {...(environment ? { environment } : {})}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function LiftForm({
  kill,
  flag,
  environment,
  onClose,
}: LiftModalProps & { kill: NonNullable<LiftModalProps["kill"]> }) {
  const project = useProject();
  const [reason, setReason] = useState("");
  const done = (lifted: Parameters<typeof liftedWords>[0]) => {
    notifyDone(liftedWords(lifted, project.environments));
    onClose();
  };
  const lift = useLift(project.key, done);
  const breakGlass = useBreakGlass(project.key, done);
  const isKnownAway = useIsAway();
  const isAway = isKnownAway || isCode(lift.error, "unavailable");
  const isBreakGlass = isAway && can(project, "kill:break-glass");
  const held = kill.elements ?? [];
  const flags = flag ? [flag] : [...new Set(held.map((element) => element.flag))];
  const places = environment ? [environment] : [...new Set(held.map((element) => element.environment))];
  const names = environmentNames(places, project.environments);
  const guarded = project.environments.some((one) => one.protected && places.includes(one.key));
  const mustSayWhy = guarded || isBreakGlass;
  const isOver = isCode(breakGlass.error, "already-lifted");
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const what = { kill: kill.id, reason: reason.trim(), ...(flag ? { flags: [flag] } : {}) };
        if (isBreakGlass) breakGlass.mutate({ ...what, project: project.key, environments: places });
        else lift.mutate({ ...what, ...(environment ? { environments: [environment] } : {}) });
      }}
    >
      <p className={classes.liftText}>
        <span className="mono">{someOf(flags, 12)}</span> {flags.length === 1 ? "follows" : "follow"} the
        targeting again in <strong>{names.join(", ")}</strong>, exactly as before the kill.
      </p>
      {kill.reason !== null && <p className={classes.liftReason}>{kill.reason}</p>}
      {guarded && (
        <Alert color="orange">People in a protected environment will meet this again at once.</Alert>
      )}
      <Textarea
        label="Why it is safe now"
        required={mustSayWhy}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <FormError error={breakGlass.error ?? (isBreakGlass ? null : lift.error)} />
      {isAway && !isBreakGlass && (
        <Alert color="gray">
          Lifting waits for the database. An owner of the project may lift now, as break-glass.
        </Alert>
      )}
      {isBreakGlass && !isOver && (
        <Alert color="red" title="The database does not answer">
          As an owner you may lift at once, as break-glass. It reaches SDKs as a kill does, and is on the
          record when the database is back.
        </Alert>
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {isOver ? "Close" : "Keep it killed"}
        </Button>
        {!isOver && (
          <Button
            type="submit"
            {...(isBreakGlass && { color: "red" })}
            loading={lift.isPending || breakGlass.isPending}
            disabled={(isKnownAway && !isBreakGlass) || (mustSayWhy && reason.trim() === "")}
          >
            {isBreakGlass ? "Lift as break-glass" : "Lift"}
          </Button>
        )}
      </div>
    </form>
  );
}
