import { Menu, UnstyledButton } from "@mantine/core";
import { IconDots, IconFlag, IconHistory, IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useProject } from "../../lib/project-context.ts";
import classes from "./bottom-bar.module.css";
import { KillLink } from "./kill-link.tsx";
import { PLACES } from "./places.ts";

const THUMB = [
  { to: "/projects/$project/flags", label: "Flags", icon: IconFlag },
  { to: "/projects/$project/segments", label: "Segments", icon: IconUsersGroup },
  { to: "/projects/$project/activity", label: "Activity", icon: IconHistory },
] as const;

/** The navigation of a phone, under the thumb; the kill stands in its middle. */
export function BottomBar() {
  const { key: project } = useProject();
  const [flags, segments, activity] = THUMB.map(({ to, label, icon: Icon }) => (
    <Link
      key={to}
      to={to}
      params={{ project }}
      className={classes.item}
      activeProps={{ "data-active": true }}
    >
      <Icon size={21} stroke={1.8} aria-hidden="true" />
      {label}
    </Link>
  ));
  return (
    <nav className={classes.bar} aria-label="Project, phone">
      {flags}
      {segments}
      <KillLink bar />
      {activity}
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.item}>
            <IconDots size={21} stroke={1.8} aria-hidden="true" />
            More
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {PLACES.filter((place) => place.group === "project").map(({ to, label, icon: Icon }) => (
            <Menu.Item
              key={to}
              leftSection={<Icon size={18} stroke={1.8} />}
              renderRoot={(props) => <Link {...props} to={to} params={{ project }} />}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
