import { Kbd, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Wordmark } from "../../components/logo.tsx";
import { useProject } from "../../lib/project-context.ts";
import { AccountMenu } from "./account-menu.tsx";
import { KillLink } from "./kill-link.tsx";
import { LiveDot } from "./live-dot.tsx";
import { PLACES } from "./places.ts";
import { ProjectSwitch } from "./project-switch.tsx";
import classes from "./sidebar.module.css";

const isMac = navigator.platform.startsWith("Mac");

export function Sidebar() {
  const project = useProject();
  return (
    <nav className={classes.sidebar} aria-label="Project">
      <div className={classes.top}>
        <Link
          to="/projects/$project/flags"
          params={{ project: project.key }}
          className={classes.home}
          aria-label="Lanyard: flags"
        >
          <Wordmark size={23} />
        </Link>
        <LiveDot />
      </div>
      <ProjectSwitch />
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        <IconSearch size={15} aria-hidden="true" />
        <span>Go to…</span>
        <Kbd size="xs">{isMac ? "⌘K" : "Ctrl K"}</Kbd>
      </UnstyledButton>
      <PlaceList group="work" />
      <div className={classes.heading}>Project</div>
      <PlaceList group="project" />
      <div className={classes.bottom}>
        <KillLink />
        <AccountMenu />
      </div>
    </nav>
  );
}

function PlaceList({ group }: { group: (typeof PLACES)[number]["group"] }) {
  const project = useProject();
  return (
    <ul className={classes.places}>
      {PLACES.filter((place) => place.group === group).map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            params={{ project: project.key }}
            className={classes.place}
            activeProps={{ "data-active": true }}
          >
            <Icon size={18} stroke={1.8} aria-hidden="true" />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}
