import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const usageQueries = {
  flag: (project: string, flag: string, environment: string, minutes: number) =>
    queryOptions({
      queryKey: [...keys.usage(project), flag, environment, minutes],
      queryFn: ({ signal }) =>
        api("GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage", {
          params: { project, flag, environment },
          query: { minutes },
          signal,
        }),
      // Counts arrive from SDKs in batches and raise no event.
      refetchInterval: 5_000,
      placeholderData: keepPreviousData,
    }),
};
