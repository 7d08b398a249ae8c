import { Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "../../components/page.tsx";
import { HistoryList } from "../../features/history/history-list.tsx";
import { useProject } from "../../lib/project-context.ts";

export function ActivityScreen() {
  const project = useProject();
  const { env } = useSearch({ from: "/signed-in/projects/$project/activity" });
  const navigate = useNavigate({ from: "/projects/$project/activity" });
  return (
    <Page
      title="Activity"
      lead="Everything that was done in this project: who, what, when and why."
      width="reading"
    >
      <Select
        aria-label="Environment"
        placeholder="Every environment"
        clearable
        w={220}
        mb="md"
        data={project.environments.map((one) => ({ value: one.key, label: one.name }))}
        value={env ?? null}
        onChange={(value) => void navigate({ search: value ? { env: value } : {}, replace: true })}
      />
      <HistoryList scope={env ? { environment: env } : {}} />
    </Page>
  );
}
