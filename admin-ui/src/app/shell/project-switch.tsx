import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectQueries } from "../../features/projects/queries.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./project-switch.module.css";

export function ProjectSwitch() {
  const current = useProject();
  const { data } = useQuery(projectQueries.list());
  return (
    <Menu position="bottom-start" width={212}>
      <Menu.Target>
        <UnstyledButton className={classes.button} title={`Project ${current.name}, change`}>
          <span className={classes.initial} aria-hidden="true">
            {current.name.charAt(0).toUpperCase()}
          </span>
          <span className={`truncate ${classes.name}`}>{current.name}</span>
          <IconSelector size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {data?.items.map((project) => (
          <Menu.Item
            key={project.key}
            rightSection={project.key === current.key ? <IconCheck size={15} /> : null}
            renderRoot={(props) => (
              <Link {...props} to="/projects/$project/flags" params={{ project: project.key }} />
            )}
          >
            {project.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/projects">
          All projects
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
