import { useSearch } from "@tanstack/react-router";
import { KillPage } from "../../features/kills/kill-page.tsx";

export function KillScreen() {
  const { flags = "", tag = "", env } = useSearch({ from: "/signed-in/projects/$project/kill" });
  return <KillPage asked={{ flags: flags.split(",").filter(Boolean), tag, environment: env }} />;
}
