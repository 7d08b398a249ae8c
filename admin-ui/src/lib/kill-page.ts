import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./api.ts";
import { keys } from "./keys.ts";
import { isCode } from "./problem.ts";

const ASK_AGAIN_MS = 3_000;

export const killPageQueries = {
  /** Who asks, where they may do what, and whether the database answers: told from memory. */
  all: () =>
    queryOptions({
      queryKey: keys.killPage,
      queryFn: ({ signal }) => api("GET /api/v1/kill-page", { signal }),
      retry: false,
      refetchInterval: ({ state: { data } }) => (data?.databaseUp === false ? ASK_AGAIN_MS : false),
    }),
};

/** Whether the database is away: then only the kill lane works. */
export function useIsAway(): boolean {
  return useQuery(killPageQueries.all()).data?.databaseUp === false;
}

/** What management answers; while the database is away what `remember` has of it, if anything. */
export async function orFromMemory<Answer>(
  client: QueryClient,
  asked: Promise<Answer>,
  remember: () => Promise<Answer | undefined>,
): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!isCode(error, "unavailable")) throw error;
    void client.invalidateQueries({ queryKey: keys.killPage });
    const remembered = await remember().catch(() => undefined);
    if (remembered === undefined) throw error;
    return remembered;
  }
}
