import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { keys } from "../lib/keys.ts";
import { isCode } from "../lib/problem.ts";

/** The one place that notices a session's end, and that the database is away. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown, isOfKillPage = false) => {
    if (isCode(error, "unauthenticated")) onSignedOut();
    if (isCode(error, "unavailable") && !isOfKillPage)
      void client.invalidateQueries({ queryKey: keys.killPage });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => onError(error, queryKey[0] === keys.killPage[0]),
    }),
    mutationCache: new MutationCache({ onError: (error) => onError(error) }),
    defaultOptions: {
      queries: {
        // Live events say when to read again; this is for what they may have missed.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isCode(error, "unreachable", "internal", "unavailable"),
      },
    },
  });
  return client;
}
