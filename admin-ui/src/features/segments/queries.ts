import type { ManagedSegment, RouteInput } from "@lanyard/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const segmentQueries = {
  list: (project: string) =>
    queryOptions({
      queryKey: [...keys.segments(project), "list"],
      queryFn: ({ signal }) =>
        api("GET /api/v1/projects/{project}/segments", { params: { project }, signal }),
    }),
  detail: (project: string, segment: string) =>
    queryOptions({
      queryKey: [...keys.segments(project), "detail", segment],
      queryFn: ({ signal }) =>
        api("GET /api/v1/projects/{project}/segments/{segment}", { params: { project, segment }, signal }),
    }),
};

type NewSegment = NonNullable<RouteInput<"POST /api/v1/projects/{project}/segments">["body"]>;
export type SegmentEdit = NonNullable<
  RouteInput<"PATCH /api/v1/projects/{project}/segments/{segment}">["body"]
>;

export function useMakeSegment(project: string, onMade: (segment: ManagedSegment) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSegment) =>
      api("POST /api/v1/projects/{project}/segments", { params: { project }, body }),
    onSuccess: (segment) => {
      void client.invalidateQueries({ queryKey: keys.segments(project) });
      onMade(segment);
    },
  });
}

export function useSaveSegment(project: string, segment: string, onSaved: (saved: ManagedSegment) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, version }: { body: SegmentEdit; version: number }) =>
      api("PATCH /api/v1/projects/{project}/segments/{segment}", {
        params: { project, segment },
        body,
        ifMatch: version,
      }),
    onSuccess: (saved) => {
      client.setQueryData(segmentQueries.detail(project, segment).queryKey, saved);
      onSaved(saved);
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.segments(project) }),
  });
}

export function useDeleteSegment(project: string, onDeleted: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (segment: string) =>
      api("DELETE /api/v1/projects/{project}/segments/{segment}", { params: { project, segment } }),
    onSuccess: () => {
      onDeleted();
      void client.invalidateQueries({ queryKey: [...keys.segments(project), "list"] });
    },
  });
}
