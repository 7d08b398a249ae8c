import type { Attribute } from "@lanyard/contract";
import { Button, Modal } from "@mantine/core";
import { IconLock, IconPlus, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { AttributeForm } from "./attribute-form.tsx";
import classes from "./attributes.module.css";
import { attributeQueries } from "./queries.ts";

export function AttributesPage() {
  const project = useProject();
  const query = useQuery(attributeQueries.list(project.key));
  const [edited, setEdited] = useState<Attribute | "new" | null>(null);
  const mayEdit = can(project, "attribute:edit");
  return (
    <Page
      title="Attributes"
      lead="What contexts carry. Browsers never learn what a private attribute is compared with; private is the default."
      width="reading"
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
            Register attribute
          </Button>
        )
      }
    >
      <QueryState query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No attributes yet">
              Register what your contexts carry, and the editor suggests it with fitting operators.
            </EmptyState>
          ) : (
            <Rows label="Attributes">
              {items.map((attribute) => (
                <Row
                  key={attribute.name}
                  main={<span className="mono">{attribute.name}</span>}
                  sub={attribute.description || undefined}
                  facts={
                    <>
                      <span>{attribute.type}</span>
                      <Visibility visibility={attribute.visibility} />
                    </>
                  }
                  actions={
                    mayEdit && (
                      <Button variant="default" size="xs" onClick={() => setEdited(attribute)}>
                        Edit
                      </Button>
                    )
                  }
                />
              ))}
            </Rows>
          )
        }
      </QueryState>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === "new" ? "Register an attribute" : "Edit attribute"}
      >
        {edited !== null && (
          <AttributeForm attribute={edited === "new" ? undefined : edited} onDone={() => setEdited(null)} />
        )}
      </Modal>
    </Page>
  );
}

function Visibility({ visibility }: { visibility: Attribute["visibility"] }) {
  const isPublic = visibility === "public";
  return (
    <span className={classes.visibility} data-public={isPublic || undefined}>
      {isPublic ? <IconWorld size={15} aria-hidden="true" /> : <IconLock size={15} aria-hidden="true" />}
      {visibility}
    </span>
  );
}
