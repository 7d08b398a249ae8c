import type { Member, Role } from "@lanyard/contract";
import { ActionIcon, Button, Modal, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconUserMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormError } from "../../components/form-error.tsx";
import { Page } from "../../components/page.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { QueryState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { InviteForm } from "./invite-form.tsx";
import classes from "./members.module.css";
import { OpenInvitations } from "./open-invitations.tsx";
import { memberQueries, useRemoveMember, useSetRole } from "./queries.ts";
import { ROLE_WORDS, ROLES } from "./roles.ts";

export function MembersPage() {
  const project = useProject();
  const query = useQuery(memberQueries.list(project.key));
  const [inviting, modal] = useDisclosure(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const mayManage = can(project, "member:manage");
  return (
    <Page
      title="Members"
      lead="People join by a one-time link. What each may do depends on the role."
      width="reading"
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
            Invite
          </Button>
        )
      }
    >
      <QueryState query={query}>
        {({ items, invitations }) => (
          <>
            <Rows label="Members">
              {items.map((member) => (
                <MemberRow
                  key={member.accountId}
                  member={member}
                  onRemove={mayManage ? () => setRemoving(member) : undefined}
                />
              ))}
            </Rows>
            <OpenInvitations invitations={invitations} />
          </>
        )}
      </QueryState>
      <Modal opened={inviting} onClose={modal.close} title="Invite someone" closeOnClickOutside={false}>
        <InviteForm onDone={modal.close} />
      </Modal>
      <RemoveModal member={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}

function MemberRow({ member, onRemove }: { member: Member; onRemove: (() => void) | undefined }) {
  const project = useProject();
  const setRole = useSetRole(project.key);
  return (
    <Row
      main={member.name}
      sub={member.email}
      facts={
        <div className={classes.role}>
          {onRemove ? (
            <Select
              aria-label={`Role of ${member.name}`}
              data={ROLES.map((role) => ({ value: role, label: role }))}
              value={member.role}
              allowDeselect={false}
              disabled={setRole.isPending}
              w={150}
              onChange={(role) => role && setRole.mutate({ account: member.accountId, role: role as Role })}
            />
          ) : (
            <span title={ROLE_WORDS[member.role]}>{member.role}</span>
          )}
          <FormError error={setRole.error} />
        </div>
      }
      actions={
        onRemove && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove ${member.name}`}
            onClick={onRemove}
          >
            <IconUserMinus size={18} />
          </ActionIcon>
        )
      }
    />
  );
}

function RemoveModal({ member, onClose }: { member: Member | null; onClose(): void }) {
  const project = useProject();
  const remove = useRemoveMember(project.key, onClose);
  return (
    <Modal opened={member !== null} onClose={onClose} title={`Remove ${member?.name ?? ""}?`}>
      <div className={classes.form}>
        <p className={classes.quiet}>
          {member?.email} loses access to {project.name} at once. What was done stays on the record.
        </p>
        <FormError error={remove.error} />
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => member && remove.mutate(member.accountId)}
          >
            Remove member
          </Button>
        </div>
      </div>
    </Modal>
  );
}
