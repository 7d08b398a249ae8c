import type { NewKey } from "@lanyard/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const keyQueries = {
  list: (project: string) =>
    queryOptions({
      queryKey: [...keys.apiKeys(project), "list"],
      queryFn: ({ signal }) => api("GET /api/v1/projects/{project}/keys", { params: { project }, signal }),
    }),
};

export function useMakeKey(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewKeyInput) =>
      api("POST /api/v1/projects/{project}/keys", { params: { project }, body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.apiKeys(project) }),
  });
}

/** What may be left out is left to the server. */
type NewKeyInput = NewKey extends infer Kind ? (Kind extends NewKey ? Optional<Kind> : never) : never;
type Optional<Kind> = Omit<Kind, "expiresAt"> & { expiresAt?: string | null };

export function useRevokeKey(project: string, onRevoked: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      api("DELETE /api/v1/projects/{project}/keys/{key}", { params: { project, key } }),
    onSuccess: () => {
      onRevoked();
      void client.invalidateQueries({ queryKey: keys.apiKeys(project) });
    },
  });
}
