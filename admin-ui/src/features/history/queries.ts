import type { SavedFlag } from "@lanyard/contract";
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

/** Of what: the whole project, or one flag or segment, in one environment or in all. */
export interface HistoryScope {
  flag?: string;
  segment?: string;
  environment?: string;
}

export const historyQueries = {
  changes: (project: string, scope: HistoryScope) =>
    infiniteQueryOptions({
      queryKey: [...keys.changes(project), scope],
      queryFn: ({ pageParam, signal }) =>
        api("GET /api/v1/projects/{project}/changes", {
          params: { project },
          query: { ...scope, limit: 30, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      initialPageParam: "",
      getNextPageParam: (page) => page.cursor,
    }),
};

interface Restore {
  project: string;
  flag: string;
  environment: string;
  revision: number;
  message: string;
}

export function useRestore(onRestored: (flag: SavedFlag) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ revision, message, ...params }: Restore) =>
      api("POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore", {
        params,
        body: message ? { revision, message } : { revision },
      }),
    onSuccess: (flag, { project }) => {
      client.setQueryData(keys.flag(project, flag.key), flag);
      void client.invalidateQueries({ queryKey: keys.flags(project) });
      void client.invalidateQueries({ queryKey: keys.changes(project) });
      onRestored(flag);
    },
  });
}
