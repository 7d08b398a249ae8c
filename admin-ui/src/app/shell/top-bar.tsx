import { ActionIcon } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { LogoMark } from "../../components/logo.tsx";
import { useProject } from "../../lib/project-context.ts";
import { AccountMenu } from "./account-menu.tsx";
import { LiveDot } from "./live-dot.tsx";
import { ProjectSwitch } from "./project-switch.tsx";
import classes from "./top-bar.module.css";

/** What stands above the page on a phone. */
export function TopBar() {
  const project = useProject();
  return (
    <nav className={classes.bar} aria-label="Project and account, phone">
      <Link
        to="/projects/$project/flags"
        params={{ project: project.key }}
        aria-label="Lanyard: flags"
        className={classes.home}
      >
        <LogoMark size={24} />
      </Link>
      <div className={classes.switch}>
        <ProjectSwitch />
      </div>
      <LiveDot />
      <ActionIcon variant="subtle" color="gray" size={40} aria-label="Go to…" onClick={spotlight.open}>
        <IconSearch size={20} />
      </ActionIcon>
      <AccountMenu compact />
    </nav>
  );
}
