import type { FlagDetail } from "@lanyard/contract";
import { Button, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { FormError } from "../../components/form-error.tsx";
import { MessageField } from "../../components/message-field.tsx";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./flag-settings.module.css";

/** Archive, bring back, delete. */
export function FlagLifecycle({ flag }: { flag: FlagDetail }) {
  const project = useProject();
  const client = useQueryClient();
  const params = { project: project.key, flag: flag.key };
  const refreshed = (saved: FlagDetail) => {
    client.setQueryData(keys.flag(project.key, flag.key), saved);
    void client.invalidateQueries({ queryKey: keys.flags(project.key) });
  };
  const archive = useMutation({
    mutationFn: (message: string) =>
      api("POST /api/v1/projects/{project}/flags/{flag}/archive", {
        params,
        body: message ? { message } : {},
      }),
    onSuccess: refreshed,
  });
  const unarchive = useMutation({
    mutationFn: () => api("POST /api/v1/projects/{project}/flags/{flag}/unarchive", { params, body: {} }),
    onSuccess: refreshed,
  });
  if (!can(project, "flag:delete")) return null;
  if (flag.archivedAt === null) {
    return (
      <section className={classes.card} aria-label="Archive">
        <h2 className={classes.title}>Archive</h2>
        <p className={classes.quiet}>
          Takes the flag out of every ruleset: SDKs answer the caller's default. It can be brought back. An
          archived flag does not end a kill.
        </p>
        <SavedWarnings warnings={unarchive.data?.warnings} onDismiss={unarchive.reset} />
        <FormError error={archive.error} />
        <Confirmed
          flag={flag.key}
          word="Archive"
          busy={archive.isPending}
          message={{
            required: project.environments.some((one) => one.protected && flag.environments[one.key]?.on),
          }}
          onConfirm={archive.mutate}
        />
      </section>
    );
  }
  return (
    <section className={classes.card} aria-label="Archived">
      <h2 className={classes.title}>Archived</h2>
      <p className={classes.quiet}>Bring it back, turned off everywhere; or delete it for good.</p>
      <FormError error={unarchive.error} />
      <div className={classes.foot}>
        <DeleteFlag flag={flag} />
        <Button loading={unarchive.isPending} onClick={() => unarchive.mutate()}>
          Bring it back
        </Button>
      </div>
    </section>
  );
}

function DeleteFlag({ flag }: { flag: FlagDetail }) {
  const project = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      api("DELETE /api/v1/projects/{project}/flags/{flag}", {
        params: { project: project.key, flag: flag.key },
      }),
    onSuccess: async () => {
      await navigate({ to: "/projects/$project/flags", params: { project: project.key } });
      client.removeQueries({ queryKey: keys.flag(project.key, flag.key) });
      void client.invalidateQueries({ queryKey: keys.flags(project.key) });
    },
  });
  return (
    <>
      <FormError error={remove.error} />
      <Confirmed flag={flag.key} word="Delete" busy={remove.isPending} onConfirm={() => remove.mutate()} />
    </>
  );
}

interface ConfirmedProps {
  flag: string;
  word: string;
  busy: boolean;
  /** Absent where the history takes none. */
  message?: { required: boolean };
  onConfirm(message: string): void;
}

function Confirmed({ flag, word, busy, message: asked, onConfirm }: ConfirmedProps) {
  const [asking, modal] = useDisclosure(false);
  const [typed, setTyped] = useState("");
  const [message, setMessage] = useState("");
  return (
    <>
      <Button variant="default" className={classes.start} loading={busy} onClick={modal.open}>
        {word}…
      </Button>
      <Modal opened={asking} onClose={modal.close} title={`${word} ${flag}?`}>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            modal.close();
            onConfirm(message.trim());
          }}
        >
          <TextInput
            label={`Type ${flag} to confirm`}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {asked && <MessageField required={asked.required} value={message} onChange={setMessage} />}
          <div className={classes.foot}>
            <Button variant="default" onClick={modal.close}>
              Keep it
            </Button>
            <Button type="submit" color="red" disabled={typed.trim() !== flag}>
              {word} flag
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
