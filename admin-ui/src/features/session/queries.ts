import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const sessionQueries = {
  current: () =>
    queryOptions({
      queryKey: keys.session,
      queryFn: ({ signal }) => api("GET /api/v1/session", { signal }),
      staleTime: 5 * 60_000,
      retry: false,
    }),
  setup: () =>
    queryOptions({
      queryKey: [...keys.session, "setup"],
      queryFn: ({ signal }) => api("GET /api/v1/setup", { signal }),
      staleTime: 0,
    }),
  invitation: (token: string) =>
    queryOptions({
      queryKey: [...keys.session, "invitation", token],
      queryFn: ({ signal }) => api("GET /api/v1/invitations/{token}", { params: { token }, signal }),
      retry: false,
    }),
};
