import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./api.ts";
import { keys } from "./keys.ts";

/** The first flags that match, for pickers and the command palette. */
export const flagSearch = (project: string, search: string) =>
  queryOptions({
    queryKey: [...keys.flags(project), "search", search],
    queryFn: ({ signal }) =>
      api("GET /api/v1/projects/{project}/flags", {
        params: { project },
        query: { search, limit: 20 },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const flagDetail = (project: string, flag: string) =>
  queryOptions({
    queryKey: keys.flag(project, flag),
    queryFn: ({ signal }) =>
      api("GET /api/v1/projects/{project}/flags/{flag}", { params: { project, flag }, signal }),
  });
