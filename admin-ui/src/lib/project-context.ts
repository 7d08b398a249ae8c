import type { Environment, Project } from "@lanyard/contract";
import { createContext, useContext } from "react";

export const ProjectContext = createContext<Project | undefined>(undefined);

/** The project of the page; pages under a project always have one. */
export function useProject(): Project {
  const project = useContext(ProjectContext);
  if (!project) throw new Error("useProject outside a project's pages");
  return project;
}

/** The environment that the URL names; else the first one that is not protected, which is the safest to land in. */
export function environmentOf(project: Project, key: string | undefined): Environment | undefined {
  return (
    project.environments.find((environment) => environment.key === key) ??
    project.environments.find((environment) => !environment.protected) ??
    project.environments[0]
  );
}
