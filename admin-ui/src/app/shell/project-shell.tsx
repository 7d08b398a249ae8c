import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorState } from "../../components/states.tsx";
import { projectQueries } from "../../features/projects/queries.ts";
import { ProjectContext } from "../../lib/project-context.ts";
import { store } from "../../lib/storage.ts";
import { useSlow } from "../../lib/use-slow.ts";
import { LAST_PROJECT } from "../last-project.ts";
import { PendingScreen } from "../screens/pending-screen.tsx";
import { WholePage } from "../screens/whole-page.tsx";
import { AwayBanner } from "./away-banner.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { LiveUpdates } from "./live-updates.tsx";
import classes from "./project-shell.module.css";
import { Shortcuts } from "./shortcuts.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";

/** The frame of every page of a project. */
export function ProjectShell() {
  const { project: key } = useParams({ from: "/signed-in/projects/$project" });
  const query = useQuery(projectQueries.detail(key));
  const known = query.data?.key;
  useEffect(() => {
    if (known) store(LAST_PROJECT, known);
  }, [known]);
  const slow = useSlow(query.isPending);
  if (query.isError && !query.data)
    return (
      <WholePage>
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      </WholePage>
    );
  if (!query.data) return slow ? <PendingScreen /> : null;
  return (
    <ProjectContext value={query.data}>
      <LiveUpdates>
        <a href="#main" className={classes.skip}>
          Skip to the page
        </a>
        <div className={classes.shell}>
          <Sidebar />
          <TopBar />
          <main id="main" className={classes.main} tabIndex={-1}>
            <AwayBanner />
            <Outlet />
          </main>
          <BottomBar />
        </div>
        <CommandPalette />
        <Shortcuts />
      </LiveUpdates>
    </ProjectContext>
  );
}
