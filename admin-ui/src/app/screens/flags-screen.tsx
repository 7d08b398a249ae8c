import { useNavigate, useSearch } from "@tanstack/react-router";
import { FlagsPage } from "../../features/flags/flags-page.tsx";
import { StartScreen } from "./start-screen.tsx";

export function FlagsScreen() {
  const filters = useSearch({ from: "/signed-in/projects/$project/flags" });
  const navigate = useNavigate({ from: "/projects/$project/flags" });
  return (
    <FlagsPage
      filters={filters}
      onFilters={(next) => void navigate({ search: next, replace: true })}
      firstRun={<StartScreen />}
    />
  );
}
