import { useQuery } from "@tanstack/react-query";
import { Wordmark } from "../../components/logo.tsx";
import { ProjectsPage } from "../../features/projects/projects-page.tsx";
import { sessionQueries } from "../../features/session/queries.ts";
import { AccountMenu } from "../shell/account-menu.tsx";
import classes from "./projects-screen.module.css";

export function ProjectsScreen() {
  const session = useQuery(sessionQueries.current());
  return (
    <>
      <header className={classes.bar}>
        <Wordmark size={24} />
        <AccountMenu />
      </header>
      <main>
        <ProjectsPage mayMake={session.data?.instanceAdmin ?? false} />
      </main>
    </>
  );
}
