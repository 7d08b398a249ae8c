import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useProject } from "../../lib/project-context.ts";
import { CreateFlagForm } from "./create-flag-form.tsx";

export function CreateFlagModal({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const project = useProject();
  const navigate = useNavigate();
  return (
    <Modal opened={opened} onClose={onClose} title="New flag" size="lg">
      <CreateFlagForm
        onMade={(flag) =>
          void navigate({
            to: "/projects/$project/flags/$flag",
            params: { project: project.key, flag: flag.key },
          })
        }
      />
    </Modal>
  );
}
