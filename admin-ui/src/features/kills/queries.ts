import type {
  AcceptedKill,
  AcceptedLift,
  KnownKill,
  NewKill,
  RouteInput,
  RouteResponse,
} from "@lanyard/contract";
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { orFromMemory } from "../../lib/kill-page.ts";
import { isCode } from "../../lib/problem.ts";

/** A kill with what it still holds down; who made it and why is not known of all while the database is away. */
export type ActiveKill = Omit<KnownKill, "receipts">;

interface ActiveKills {
  items: ActiveKill[];
  /** Told by one server's memory, of which no event tells. */
  fromMemory: boolean;
}

const ASK_AGAIN_MS = 3_000;

export const killQueries = {
  active: (project: string) =>
    queryOptions({
      queryKey: [...keys.kills(project), "active"],
      queryFn: ({ signal, client }): Promise<ActiveKills> =>
        orFromMemory(client, recordedKills(project, signal), async () => ({
          items: (await remembered(project)).kills,
          fromMemory: true,
        })),
      refetchInterval: ({ state: { data } }) => (data?.fromMemory ? ASK_AGAIN_MS : false),
    }),
  /** What a kill can name: told from memory, whether the database answers or not. */
  choices: (project: string, search: string) =>
    queryOptions({
      queryKey: [...keys.kills(project), "choices", search],
      queryFn: ({ signal }) =>
        api("GET /api/v1/kill-page/{project}", { params: { project }, query: { search }, signal }),
      placeholderData: keepPreviousData,
      staleTime: 10_000,
    }),
  receipts: (project: string, kill: string) =>
    queryOptions({
      queryKey: keys.receipts(project, kill),
      queryFn: ({ signal, client }) =>
        orFromMemory(client, recordedReceipts(kill, signal), async () => {
          const { kills } = await remembered(project);
          return kills.find(({ id }) => id === kill)?.receipts ?? null;
        }),
      // Who is missing may turn stale, which raises no event.
      refetchInterval: ({ state: { data } }) =>
        data && data.confirmed < data.seen && !data.sampled ? 10_000 : false,
    }),
  past: (project: string) =>
    infiniteQueryOptions({
      queryKey: [...keys.kills(project), "past"],
      queryFn: ({ pageParam, signal }) =>
        api("GET /api/v1/kills", {
          query: { project, active: "false", limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      initialPageParam: "",
      getNextPageParam: (page) => page.cursor,
    }),
};

async function recordedKills(project: string, signal: AbortSignal): Promise<ActiveKills> {
  const { items } = await api("GET /api/v1/kills", {
    query: { project, active: "true", limit: 200 },
    signal,
  });
  const isHeld = ({ lift }: (typeof items)[number]["elements"][number]) => lift === null;
  return {
    items: items.map((kill) => ({ ...kill, elements: kill.elements.filter(isHeld) })),
    fromMemory: false,
  };
}

async function recordedReceipts(kill: string, signal: AbortSignal) {
  return (await api("GET /api/v1/kills/{kill}", { params: { kill }, signal })).receipts;
}

function remembered(project: string) {
  return api("GET /api/v1/kill-page/{project}", { params: { project } });
}

/** Sends a kill; a second try of the same kill is the same kill. */
export function useKill(project: string, onKilled: (kill: AcceptedKill) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kill: NewKill) => api("POST /api/v1/kills", { body: kill }),
    retry: (failures, error) => failures < 2 && isCode(error, "unreachable"),
    onSuccess: onKilled,
    onSettled: () => readAgain(client, project),
  });
}

type BreakGlassBody = RouteInput<"POST /api/v1/kills/{kill}/break-glass-lift">["body"];

/** An owner's lift that waits for no database. */
export function useBreakGlass(project: string, onLifted: (lift: AcceptedLift) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kill, ...body }: { kill: string } & BreakGlassBody) =>
      api("POST /api/v1/kills/{kill}/break-glass-lift", { params: { kill }, body }),
    onSuccess: onLifted,
    onSettled: () => readAgain(client, project),
  });
}

type LiftBody = RouteInput<"POST /api/v1/kills/{kill}/lift">["body"];
type Lifted = RouteResponse<"POST /api/v1/kills/{kill}/lift">;

export function useLift(project: string, onLifted: (lift: Lifted) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kill, ...body }: { kill: string } & LiftBody) =>
      api("POST /api/v1/kills/{kill}/lift", { params: { kill }, body }),
    onSuccess: onLifted,
    onSettled: () => readAgain(client, project),
  });
}

/** After a refusal too: the page showed what is no longer so. */
function readAgain(client: QueryClient, project: string): void {
  void client.invalidateQueries({ queryKey: keys.kills(project) });
  void client.invalidateQueries({ queryKey: keys.flags(project) });
  void client.invalidateQueries({ queryKey: keys.changes(project) });
}
