import type { Attribute, SavedAttribute } from "@lanyard/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const attributeQueries = {
  list: (project: string) =>
    queryOptions({
      queryKey: [...keys.attributes(project), "list"],
      queryFn: ({ signal }) =>
        api("GET /api/v1/projects/{project}/attributes", { params: { project }, signal }),
    }),
};

export function useSaveAttribute(project: string, onSaved: (saved: SavedAttribute) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: Attribute) =>
      api("PUT /api/v1/projects/{project}/attributes/{name}", { params: { project, name }, body }),
    onSuccess: (saved) => {
      onSaved(saved);
      void client.invalidateQueries({ queryKey: keys.attributes(project) });
    },
  });
}

export function useForgetAttribute(project: string, onForgotten: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api("DELETE /api/v1/projects/{project}/attributes/{name}", { params: { project, name } }),
    onSuccess: () => {
      onForgotten();
      void client.invalidateQueries({ queryKey: keys.attributes(project) });
    },
  });
}
