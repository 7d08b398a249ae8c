import type { Environment } from "@lanyard/contract";
import { Button, Modal } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { Page } from "../../components/page.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { EnvironmentForm } from "./environment-form.tsx";

export function EnvironmentsPage() {
  const project = useProject();
  const [edited, setEdited] = useState<Environment | "new" | null>(null);
  const mayManage = can(project, "environment:manage");
  return (
    <Page
      title="Environments"
      lead="Each has its own keys, its own targeting and one revision number that grows with every change an SDK can see."
      width="reading"
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
            New environment
          </Button>
        )
      }
    >
      <Rows label="Environments">
        {project.environments.map((environment) => (
          <Row
            key={environment.key}
            main={<EnvironmentName environment={environment} />}
            sub={
              <>
                <span className="mono">{environment.key}</span>
                {environment.protected && " · protected: asks for the flag's key and a reason"}
              </>
            }
            facts={
              <span title={`Epoch ${environment.epoch}`}>
                Revision {environment.revision.toLocaleString("en")}
              </span>
            }
            actions={
              <>
                <Button
                  variant="default"
                  size="xs"
                  renderRoot={(props) => (
                    <Link
                      {...props}
                      to="/projects/$project/keys"
                      params={{ project: project.key }}
                      search={{ env: environment.key }}
                    />
                  )}
                >
                  Keys
                </Button>
                {mayManage && (
                  <Button variant="default" size="xs" onClick={() => setEdited(environment)}>
                    Edit
                  </Button>
                )}
              </>
            }
          />
        ))}
      </Rows>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === "new" ? "New environment" : "Edit environment"}
      >
        {edited !== null && (
          <EnvironmentForm
            environment={edited === "new" ? undefined : edited}
            onDone={() => setEdited(null)}
          />
        )}
      </Modal>
    </Page>
  );
}
