import type { Flag, KillElement, Segment } from "@lanyard/evaluation";
import { activeKills } from "../../fanout/index.ts";
import type { Entry, EnvironmentState } from "../environments/index.ts";
import { type AudienceClass, flagsOf } from "./audience-class.ts";

export type Audience = "server" | "client";

/** Definitions by key, in one order on all nodes, each with the bytes that travel. */
export type Definitions<Content> = ReadonlyMap<string, { content: Content | null; json: string }>;

/** What a reader gets of an environment. */
export interface View {
  flags: Definitions<Flag>;
  segments: Definitions<Segment>;
  kills: KillElement[];
}

/** A server key sees everything. */
export function serverView(state: EnvironmentState): View {
  return { flags: live(state.flags), segments: live(state.segments), kills: activeKills(state.kills) };
}

/** A client key sees what is left of the flags for clients; segments are folded into them. */
export function clientView(state: EnvironmentState, seen: AudienceClass): View {
  const flags = flagsOf(seen);
  const kills = activeKills(state.kills).filter(({ flag }) => flags.has(flag));
  return { flags, segments: new Map(), kills };
}

/** Sorted, so that all nodes send the same bytes. */
function live<Content>(entries: Map<string, Entry<Content>>): Definitions<Content> {
  return new Map(
    [...entries].filter(([, { content }]) => content !== null).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
