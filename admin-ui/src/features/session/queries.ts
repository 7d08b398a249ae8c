import type { Account, KillPage } from "@lanyard/contract";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { killPageQueries, orFromMemory } from "../../lib/kill-page.ts";

export const sessionQueries = {
  current: () =>
    queryOptions({
      queryKey: keys.session,
      queryFn: ({ signal, client }) =>
        orFromMemory(client, api("GET /api/v1/session", { signal }), async () =>
          accountOf(await client.fetchQuery(killPageQueries.all())),
        ),
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

/** As far as the kill lane knows them. */
function accountOf({ account, projects }: KillPage): Account {
  return {
    ...account,
    email: "",
    instanceAdmin: false,
    memberships: projects.map(({ key, name, role }) => ({ project: key, projectName: name, role })),
  };
}
