import type { RouteResponse } from "@lanyard/contract";
import { ActionIcon, Button, Modal } from "@mantine/core";
import { IconMailX } from "@tabler/icons-react";
import { useState } from "react";
import { FormError } from "../../components/form-error.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./members.module.css";
import { useRevokeInvitation } from "./queries.ts";

type Invitation = RouteResponse<"GET /api/v1/projects/{project}/members">["invitations"][number];

export function OpenInvitations({ invitations }: { invitations: Invitation[] }) {
  const project = useProject();
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  if (invitations.length === 0) return null;
  return (
    <>
      <h2 className={classes.heading}>Open invitations</h2>
      <Rows label="Open invitations">
        {invitations.map((invitation) => (
          <Row
            key={invitation.id}
            main={invitation.email}
            sub={`as ${invitation.role}`}
            facts={
              <span>
                ends <TimeAgo at={invitation.expiresAt} />
              </span>
            }
            actions={
              can(project, "member:manage") && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={`Take back the invitation of ${invitation.email}`}
                  onClick={() => setRevoking(invitation)}
                >
                  <IconMailX size={18} />
                </ActionIcon>
              )
            }
          />
        ))}
      </Rows>
      <RevokeModal invitation={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function RevokeModal({ invitation, onClose }: { invitation: Invitation | null; onClose(): void }) {
  const project = useProject();
  const revoke = useRevokeInvitation(project.key, onClose);
  return (
    <Modal
      opened={invitation !== null}
      onClose={onClose}
      title={`Take back the invitation of ${invitation?.email ?? ""}?`}
    >
      <div className={classes.form}>
        <p className={classes.quiet}>Its link stops working at once. Inviting again makes another.</p>
        <FormError error={revoke.error} />
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="red"
            loading={revoke.isPending}
            onClick={() => invitation && revoke.mutate(invitation.id)}
          >
            Take it back
          </Button>
        </div>
      </div>
    </Modal>
  );
}
