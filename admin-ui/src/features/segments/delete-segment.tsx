import type { ManagedSegment } from "@lanyard/contract";
import { Button, Modal, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { FormError } from "../../components/form-error.tsx";
import { useProject } from "../../lib/project-context.ts";
import { useDeleteSegment } from "./queries.ts";
import classes from "./segments.module.css";

export function DeleteSegment({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const navigate = useNavigate();
  const [asking, modal] = useDisclosure(false);
  const remove = useDeleteSegment(
    project.key,
    () => void navigate({ to: "/projects/$project/segments", params: { project: project.key } }),
  );
  const used = segment.usedBy.length > 0;
  return (
    <>
      <Tooltip label="Take it out of what uses it first" disabled={!used}>
        <Button variant="default" disabled={used} onClick={modal.open}>
          Delete…
        </Button>
      </Tooltip>
      <Modal opened={asking} onClose={modal.close} title={`Delete ${segment.name}?`}>
        <div className={classes.form}>
          <p className={classes.quiet}>Nothing uses it. Its history stays on the record.</p>
          <FormError error={remove.error} />
          <div className={classes.foot}>
            <Button variant="default" onClick={modal.close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(segment.key)}>
              Delete segment
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
