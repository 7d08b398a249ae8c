import type { Environment, FlagDetail } from "@lanyard/contract";
import { Alert, Button, Modal, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName, environmentColor } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { MessageField } from "../../components/message-field.tsx";
import { describeDiff } from "../../lib/describe/describe-diff.ts";
import { RequestFailed } from "../../lib/problem.ts";
import classes from "./targeting.module.css";
import type { Draft } from "./targeting-draft.ts";

interface ReviewModalProps {
  opened: boolean;
  onClose(): void;
  draft: Draft;
  flag: FlagDetail;
  environment: Environment;
  error: unknown;
  saving: boolean;
  onSave(message: string): void;
}

/** The effect before the action: what will change, in words. Protected environments ask for the key and a reason. */
export function ReviewModal({
  opened,
  onClose,
  draft,
  flag,
  environment,
  error,
  saving,
  onSave,
}: ReviewModalProps) {
  const [message, setMessage] = useState("");
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (!opened) return;
    setMessage("");
    setTyped("");
  }, [opened]);
  const lines = describeDiff(draft.base, draft.now);
  const killed = (flag.environments[environment.key]?.kills.length ?? 0) > 0;
  const ready = !environment.protected || (typed.trim() === flag.key && message.trim() !== "");
  return (
    <Modal opened={opened} onClose={onClose} title="Save targeting" size="lg">
      <form
        className={classes.review}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onSave(message.trim());
        }}
      >
        <div className={classes.reviewWhere} style={{ borderColor: environmentColor(environment) }}>
          <span className="mono">{flag.key}</span> in <EnvironmentName environment={environment} />
        </div>
        {killed && (
          <Alert color="red">The flag is killed here: this shows only once the kill is lifted.</Alert>
        )}
        <DiffLines lines={lines} />
        <MessageField required={environment.protected} data-autofocus value={message} onChange={setMessage} />
        {environment.protected && (
          <TextInput
            label={
              <>
                {environment.name} is protected. Type <span className="mono">{flag.key}</span> to confirm
              </>
            }
            required
            spellCheck={false}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <SaveFaults error={error} />
        <div className={classes.reviewFoot}>
          <Button variant="default" onClick={onClose}>
            Keep editing
          </Button>
          <Button type="submit" loading={saving} disabled={!ready}>
            Save to {environment.name}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function SaveFaults({ error }: { error: unknown }) {
  if (!error) return null;
  const faults = error instanceof RequestFailed ? error.faults : [];
  if (faults.length === 0) return <FormError error={error} />;
  return (
    <Alert color="red" role="alert" title="The server found faults">
      <ul className={classes.faults}>
        {faults.map((fault) => (
          <li key={`${fault.path}${fault.message}`}>
            {fault.message} <span className="mono dim">{fault.path}</span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
