import type { ApiKey } from "@lanyard/contract";
import { Button, Modal, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { Rows } from "../../components/setting-rows.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { KeyRow } from "./key-row.tsx";
import classes from "./keys.module.css";
import { NewKeyForm } from "./new-key-form.tsx";
import { keyQueries } from "./queries.ts";
import { RevokeModal } from "./revoke-modal.tsx";

interface KeysPageProps {
  environment: string | undefined;
  onEnvironment(environment: string | undefined): void;
}

export function KeysPage({ environment, onEnvironment }: KeysPageProps) {
  const project = useProject();
  const query = useQuery(keyQueries.list(project.key));
  const [making, modal] = useDisclosure(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const mayManage = can(project, "key:manage");
  return (
    <Page
      title="Keys"
      lead="What applications, automations and alerts present to the server. A secret is shown once, when it is made."
      width="reading"
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
            New key
          </Button>
        )
      }
    >
      <Select
        className={classes.filter}
        aria-label="Environment"
        placeholder="Every environment"
        clearable
        data={project.environments.map((one) => ({ value: one.key, label: one.name }))}
        value={environment ?? null}
        onChange={(value) => onEnvironment(value ?? undefined)}
      />
      <QueryState query={query}>
        {({ items }) => {
          const shown = items.filter(
            (key) => !environment || key.environments.length === 0 || key.environments.includes(environment),
          );
          const live = shown.filter((key) => key.revokedAt === null);
          const revoked = shown.filter((key) => key.revokedAt !== null);
          if (shown.length === 0)
            return (
              <EmptyState title="No keys yet">
                An application needs a server key of its environment to read its flags.
              </EmptyState>
            );
          return (
            <div className={classes.lists}>
              {live.length > 0 && (
                <Rows label="Keys">
                  {live.map((key) => (
                    <KeyRow
                      key={key.id}
                      apiKey={key}
                      onRevoke={mayManage ? () => setRevoking(key) : undefined}
                    />
                  ))}
                </Rows>
              )}
              {revoked.length > 0 && (
                <Rows label="Revoked keys">
                  {revoked.map((key) => (
                    <KeyRow key={key.id} apiKey={key} onRevoke={undefined} />
                  ))}
                </Rows>
              )}
            </div>
          );
        }}
      </QueryState>
      <Modal opened={making} onClose={modal.close} title="New key" size="lg" closeOnClickOutside={false}>
        <NewKeyForm environment={environment} onDone={modal.close} />
      </Modal>
      <RevokeModal apiKey={revoking} onClose={() => setRevoking(null)} />
    </Page>
  );
}
