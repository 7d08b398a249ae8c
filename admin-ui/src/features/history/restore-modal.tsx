import type { Change, Environment } from "@lanyard/contract";
import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { MessageField } from "../../components/message-field.tsx";
import { notifyDone } from "../../components/notify.ts";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { describeChange } from "../../lib/describe/describe-change.ts";
import { flagDetail } from "../../lib/flag-queries.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./history.module.css";
import { useRestore } from "./queries.ts";

interface RestoreModalProps {
  change: Change | null;
  flag: string;
  environment: Environment;
  onClose(): void;
}

export function RestoreModal({ change, ...rest }: RestoreModalProps) {
  return (
    <Modal opened={change !== null} onClose={rest.onClose} title="Restore an earlier revision" size="lg">
      {change && <RestoreForm key={change.id} change={change} {...rest} />}
    </Modal>
  );
}

function RestoreForm({ change, flag, environment, onClose }: RestoreModalProps & { change: Change }) {
  const project = useProject();
  const [message, setMessage] = useState("");
  const [typed, setTyped] = useState("");
  const restore = useRestore(({ warnings }) => {
    notifyDone(`Revision ${change.subjectRevision} is back, as a new change.`);
    if (warnings.length === 0) onClose();
  });
  const { data } = useQuery(flagDetail(project.key, flag));
  const now = data?.environments[environment.key]?.targeting;
  const ready = !environment.protected || (typed.trim() === flag && message.trim() !== "");
  if (restore.data?.warnings.length)
    return <SavedWarnings warnings={restore.data.warnings} onDismiss={onClose} />;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || change.subjectRevision === null) return;
        restore.mutate({
          project: project.key,
          flag,
          environment: environment.key,
          revision: change.subjectRevision,
          message: message.trim(),
        });
      }}
    >
      <p className={classes.what}>
        <span className="mono">{flag}</span> in <EnvironmentName environment={environment} /> goes back to
        revision {change.subjectRevision}, as a new change:
      </p>
      <DiffLines
        lines={describeChange({ before: now, after: change.after })}
        empty="The targeting is the same now."
      />
      <MessageField required={environment.protected} data-autofocus value={message} onChange={setMessage} />
      {environment.protected && (
        <TextInput
          label={
            <>
              {environment.name} is protected. Type <span className="mono">{flag}</span> to confirm
            </>
          }
          required
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <FormError error={restore.error} />
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button type="submit" disabled={!ready} loading={restore.isPending}>
          Restore
        </Button>
      </div>
    </form>
  );
}
