import type { Role } from "@lanyard/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const memberQueries = {
  list: (project: string) =>
    queryOptions({
      queryKey: [...keys.members(project), "list"],
      queryFn: ({ signal }) => api("GET /api/v1/projects/{project}/members", { params: { project }, signal }),
    }),
};

export function useInvite(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) =>
      api("POST /api/v1/projects/{project}/invitations", { params: { project }, body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.members(project) }),
  });
}

export function useRevokeInvitation(project: string, onRevoked: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (invitation: string) =>
      api("DELETE /api/v1/projects/{project}/invitations/{invitation}", { params: { project, invitation } }),
    onSuccess: () => {
      onRevoked();
      void client.invalidateQueries({ queryKey: keys.members(project) });
    },
  });
}

export function useSetRole(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ account, role }: { account: string; role: Role }) =>
      api("PATCH /api/v1/projects/{project}/members/{account}", {
        params: { project, account },
        body: { role },
      }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.project(project) }),
  });
}

export function useRemoveMember(project: string, onRemoved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (account: string) =>
      api("DELETE /api/v1/projects/{project}/members/{account}", { params: { project, account } }),
    onSuccess: () => {
      onRemoved();
      void client.invalidateQueries({ queryKey: keys.members(project) });
    },
  });
}
