import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const instanceQueries = {
  of: (project: string, environment: string) =>
    queryOptions({
      queryKey: [...keys.instances(project), environment],
      queryFn: ({ signal }) =>
        api("GET /api/v1/projects/{project}/environments/{environment}/instances", {
          params: { project, environment },
          signal,
        }),
      // Instances say a word twice a minute and raise no event.
      refetchInterval: 5_000,
    }),
};

export function useDrill(project: string, environment: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api("POST /api/v1/projects/{project}/environments/{environment}/drill", {
        params: { project, environment },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.instances(project) }),
  });
}
