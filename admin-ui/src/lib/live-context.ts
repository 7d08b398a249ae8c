import type { UiEvent } from "@lanyard/contract";
import { createContext, useContext, useEffect, useRef } from "react";
import type { StreamState } from "./live-stream.ts";

interface Live {
  state: StreamState;
  /** Hands every event on, until the answer is called. */
  subscribe(listener: (event: UiEvent) => void): () => void;
}

export const LiveContext = createContext<Live>({ state: "connecting", subscribe: () => () => undefined });

export const useLive = (): Live => useContext(LiveContext);

/** Calls back for every event of the project while the component is on the page. */
export function useLiveEvents(onEvent: (event: UiEvent) => void): void {
  const { subscribe } = useLive();
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  useEffect(() => subscribe((event) => latest.current(event)), [subscribe]);
}
