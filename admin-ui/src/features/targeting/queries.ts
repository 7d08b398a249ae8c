import type { FlagDetail } from "@lanyard/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { isCode } from "../../lib/problem.ts";
import type { Targeting } from "../../lib/targeting.ts";

interface Place {
  project: string;
  flag: string;
  environment: string;
}

interface Save {
  targeting: Targeting;
  revision: number;
  message: string;
}

/** Saves targeting on top of the revision it was based on; after a conflict the flag is read again. */
export function useSaveTargeting(place: Place, onSaved: (flag: FlagDetail) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ targeting, revision, message }: Save) =>
      api("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
        params: place,
        body: message ? { ...targeting, message } : targeting,
        ifMatch: revision,
      }),
    onSuccess: (flag) => {
      client.setQueryData(keys.flag(place.project, place.flag), flag);
      onSaved(flag);
      void client.invalidateQueries({ queryKey: keys.flags(place.project) });
      void client.invalidateQueries({ queryKey: keys.changes(place.project) });
    },
    onError: (error) => {
      if (isCode(error, "revision-conflict")) {
        void client.invalidateQueries({ queryKey: keys.flag(place.project, place.flag) });
      }
    },
  });
}
