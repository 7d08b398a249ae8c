import type { AcceptedKill, NewKill, RouteInput } from "@lanyard/contract";
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { isCode } from "../../lib/problem.ts";

export const killQueries = {
  active: (project: string) =>
    queryOptions({
      queryKey: [...keys.kills(project), "active"],
      queryFn: ({ signal }) =>
        api("GET /api/v1/kills", { query: { project, active: "true", limit: 200 }, signal }),
    }),
  receipts: (project: string, kill: string) =>
    queryOptions({
      queryKey: keys.receipts(project, kill),
      queryFn: async ({ signal }) =>
        (await api("GET /api/v1/kills/{kill}", { params: { kill }, signal })).receipts,
      // Who is missing may turn stale, which raises no event.
      refetchInterval: ({ state: { data } }) =>
        data && data.confirmed < data.seen && !data.sampled ? 10_000 : false,
    }),
  all: (project: string) =>
    infiniteQueryOptions({
      queryKey: [...keys.kills(project), "all"],
      queryFn: ({ pageParam, signal }) =>
        api("GET /api/v1/kills", {
          query: { project, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      initialPageParam: "",
      getNextPageParam: (page) => page.cursor,
    }),
};

/** Sends a kill; a second try of the same kill is the same kill. */
export function useKill(project: string, onKilled: (kill: AcceptedKill) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kill: NewKill) => api("POST /api/v1/kills", { body: kill }),
    retry: (failures, error) => failures < 2 && isCode(error, "unreachable"),
    onSuccess: (kill) => {
      onKilled(kill);
      void client.invalidateQueries({ queryKey: keys.kills(project) });
      void client.invalidateQueries({ queryKey: keys.flags(project) });
    },
  });
}

type BreakGlassBody = RouteInput<"POST /api/v1/kills/{kill}/break-glass-lift">["body"];

/** An owner's lift that waits for no database. */
export function useBreakGlass(project: string, onLifted: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kill, ...body }: { kill: string } & BreakGlassBody) =>
      api("POST /api/v1/kills/{kill}/break-glass-lift", { params: { kill }, body }),
    onSuccess: () => {
      onLifted();
      void client.invalidateQueries({ queryKey: keys.kills(project) });
      void client.invalidateQueries({ queryKey: keys.flags(project) });
    },
  });
}

type LiftBody = RouteInput<"POST /api/v1/kills/{kill}/lift">["body"];

export function useLift(project: string, onLifted: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kill, ...body }: { kill: string } & LiftBody) =>
      api("POST /api/v1/kills/{kill}/lift", { params: { kill }, body }),
    onSuccess: () => {
      onLifted();
      void client.invalidateQueries({ queryKey: keys.kills(project) });
      void client.invalidateQueries({ queryKey: keys.flags(project) });
      void client.invalidateQueries({ queryKey: keys.changes(project) });
    },
  });
}
