import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const projectQueries = {
  list: () =>
    queryOptions({
      queryKey: [...keys.projects, "list"],
      queryFn: ({ signal }) => api("GET /api/v1/projects", { signal }),
    }),
  detail: (project: string) =>
    queryOptions({
      queryKey: [...keys.project(project), "detail"],
      queryFn: ({ signal }) => api("GET /api/v1/projects/{project}", { params: { project }, signal }),
    }),
};
