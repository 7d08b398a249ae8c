import type { ApiKey } from "@lanyard/contract";
import { Button, Modal } from "@mantine/core";
import { FormError } from "../../components/form-error.tsx";
import { notifyDone } from "../../components/notify.ts";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import classes from "./keys.module.css";
import { useRevokeKey } from "./queries.ts";

export function RevokeModal({ apiKey, onClose }: { apiKey: ApiKey | null; onClose(): void }) {
  const project = useProject();
  const revoke = useRevokeKey(project.key, () => {
    notifyDone("Revoked.");
    onClose();
  });
  return (
    <Modal opened={apiKey !== null} onClose={onClose} title={`Revoke ${apiKey?.name ?? ""}?`}>
      <div className={classes.form}>
        <p className={classes.use}>
          It stops working within seconds, open streams included, and cannot come back.{" "}
          {apiKey?.lastUsedAt ? (
            <>
              Last used <TimeAgo at={apiKey.lastUsedAt} />.
            </>
          ) : (
            "It was never used."
          )}
        </p>
        <FormError error={revoke.error} />
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => apiKey && revoke.mutate(apiKey.id)}>
            Revoke key
          </Button>
        </div>
      </div>
    </Modal>
  );
}
