import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useProject } from "../../lib/project-context.ts";

/** One key from anywhere, unless someone is typing. */
export function Shortcuts() {
  const { key: project } = useProject();
  const navigate = useNavigate();
  const toKillPage = async () => {
    await navigate({ to: "/projects/$project/kill", params: { project } });
    // The next Tab is in the form, not in the sidebar.
    document.getElementById("main")?.focus();
  };
  useHotkeys([
    ["k", () => void toKillPage()],
    [
      "/",
      () => {
        const search = document.querySelector<HTMLInputElement>("[data-page-search]");
        if (search) search.focus();
        else void navigate({ to: "/projects/$project/flags", params: { project } });
      },
    ],
  ]);
  return null;
}
