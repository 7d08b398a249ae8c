import type { UiEvent } from "@lanyard/contract";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { keys } from "../../lib/keys.ts";
import { LiveContext } from "../../lib/live-context.ts";
import { followProject, type StreamState } from "../../lib/live-stream.ts";
import { useProject } from "../../lib/project-context.ts";

/** Follows the project's events: what they touch is read again. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const { key: project } = useProject();
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>("connecting");
  const listeners = useMemo(() => new Set<(event: UiEvent) => void>(), []);

  useEffect(() => {
    let wasLost = false;
    return followProject(project, {
      onEvent: (event) => {
        setState("live");
        refresh(client, event);
        for (const listener of listeners) listener(event);
      },
      onState: (next) => {
        setState(next);
        // What happened while the stream was away was told to nobody.
        if (next === "live" && wasLost) void client.invalidateQueries({ queryKey: keys.project(project) });
        wasLost = next === "lost";
      },
    });
  }, [project, client, listeners]);

  const live = useMemo(
    () => ({
      state,
      subscribe: (listener: (event: UiEvent) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    }),
    [state, listeners],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function refresh(client: QueryClient, event: UiEvent): void {
  const read = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey });
  switch (event.type) {
    case "change":
      read(keys.project(event.project));
      return;
    case "kill":
    case "lift":
      read(keys.flags(event.project));
      read(keys.kills(event.project));
      read(keys.changes(event.project));
      return;
    case "connections":
      client.setQueryData(keys.connections(event.project), (counts: Record<string, number> | undefined) => ({
        ...counts,
        [event.environment]: event.count,
      }));
      return;
    case "receipts":
      client.setQueryData(keys.receipts(event.project, event.kill), event.receipts);
      return;
    case "heartbeat":
      return;
  }
}
