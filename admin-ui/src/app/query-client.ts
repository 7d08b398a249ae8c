import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isCode } from "../lib/problem.ts";

/** The one place that notices a session's end. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isCode(error, "unauthenticated")) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Live events say when to read again; this is for what they may have missed.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isCode(error, "unreachable", "internal", "unavailable"),
      },
    },
  });
}
