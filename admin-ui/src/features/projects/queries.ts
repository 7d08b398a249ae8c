import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { killPageQueries, orFromMemory } from "../../lib/kill-page.ts";

export const projectQueries = {
  list: () =>
    queryOptions({
      queryKey: [...keys.projects, "list"],
      queryFn: ({ signal, client }) =>
        orFromMemory(client, api("GET /api/v1/projects", { signal }), async () => ({
          items: (await client.fetchQuery(killPageQueries.all())).projects,
        })),
    }),
  detail: (project: string) =>
    queryOptions({
      queryKey: [...keys.project(project), "detail"],
      queryFn: ({ signal, client }) =>
        orFromMemory(
          client,
          api("GET /api/v1/projects/{project}", { params: { project }, signal }),
          async () => {
            const { projects } = await client.fetchQuery(killPageQueries.all());
            return projects.find(({ key }) => key === project);
          },
        ),
    }),
};
