import type { FlagDetail, RouteInput } from "@lanyard/contract";
import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import type { FlagEdit } from "./flag-fields.ts";

type ListQuery = NonNullable<RouteInput<"GET /api/v1/projects/{project}/flags">["query"]>;

/** What the URL of the list holds. */
export interface FlagFilters {
  search?: string;
  tag?: string;
  purpose?: NonNullable<ListQuery["purpose"]>;
  audience?: NonNullable<ListQuery["audience"]>;
  state?: NonNullable<ListQuery["state"]>;
  env?: string;
  archived?: true;
  sort?: "updated";
}

export const PURPOSES = ["release", "experiment", "operational", "permission"] as const;

export const flagQueries = {
  list: (project: string, { env, archived, ...filters }: FlagFilters) =>
    infiniteQueryOptions({
      queryKey: [...keys.flags(project), "list", { env, archived, ...filters }],
      queryFn: ({ pageParam, signal }) =>
        api("GET /api/v1/projects/{project}/flags", {
          params: { project },
          query: {
            ...filters,
            limit: 100,
            ...(env && filters.state ? { environment: env } : {}),
            ...(archived ? { archived: "true" } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      initialPageParam: "",
      getNextPageParam: (page) => page.cursor,
      placeholderData: keepPreviousData,
    }),
};

export function useEditFlag(project: string, flag: string, onSaved: (saved: FlagDetail) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, version }: { body: FlagEdit; version: number }) =>
      api("PATCH /api/v1/projects/{project}/flags/{flag}", {
        params: { project, flag },
        body,
        ifMatch: version,
      }),
    onSuccess: (saved) => {
      client.setQueryData(keys.flag(project, flag), saved);
      onSaved(saved);
    },
    // Also after a refusal: it may be due to a newer version.
    onSettled: () => void client.invalidateQueries({ queryKey: keys.flags(project) }),
  });
}
