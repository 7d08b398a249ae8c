import { useNavigate, useSearch } from "@tanstack/react-router";
import { KeysPage } from "../../features/keys/keys-page.tsx";

export { AttributesPage as AttributesScreen } from "../../features/attributes/attributes-page.tsx";
export { EnvironmentsPage as EnvironmentsScreen } from "../../features/environments/environments-page.tsx";
export { MembersPage as MembersScreen } from "../../features/members/members-page.tsx";

export function KeysScreen() {
  const { env } = useSearch({ from: "/signed-in/projects/$project/keys" });
  const navigate = useNavigate({ from: "/projects/$project/keys" });
  return (
    <KeysPage
      environment={env}
      onEnvironment={(next) => void navigate({ search: next ? { env: next } : {}, replace: true })}
    />
  );
}
