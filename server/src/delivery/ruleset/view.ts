import type { Flag, KillElement, Segment } from "@lanyard/evaluation";
import { activeKills } from "../../fanout/index.ts";
import type { Entry, EnvironmentState } from "../environments/index.ts";
import { type AudienceClass, flagsOf, sees } from "./audience-class.ts";

export type Audience = "server" | "client";

/** Definitions by key, in one order on all nodes, each with the bytes that travel. */
export type Definitions<Content> = ReadonlyMap<string, { content: Content | null; json: string }>;

interface Defined {
  readonly flags: Definitions<Flag>;
  readonly segments: Definitions<Segment>;
}

/** What a reader gets of an environment. */
export interface View extends Defined {
  readonly kills: KillElement[];
}

/** A server key sees everything. Its definitions are to be read before the environment's next revision. */
export function serverView(state: EnvironmentState): View {
  const { epoch, revision } = state;
  return viewOf(activeKills(state.kills), () => {
    if (state.epoch !== epoch || state.revision !== revision)
      throw new Error(`revision ${revision} of ${state.id} is gone`);
    return { flags: live(state.flags), segments: live(state.segments) };
  });
}

/** A client key sees what is left of the flags for clients; segments are folded into them. */
export function clientView(state: EnvironmentState, seen: AudienceClass): View {
  const kills = activeKills(state.kills).filter(({ flag }) => sees(seen.layout, flag));
  return viewOf(kills, () => ({ flags: flagsOf(seen), segments: new Map() }));
}

/** Definitions are put in order when they are asked for: streams that hold the newest begin without. */
function viewOf(kills: KillElement[], define: () => Defined): View {
  let made: Defined | undefined;
  const defined = () => {
    made ??= define();
    return made;
  };
  return {
    kills,
    get flags() {
      return defined().flags;
    },
    get segments() {
      return defined().segments;
    },
  };
}

/** Sorted, so that all nodes send the same bytes. */
function live<Content>(entries: Map<string, Entry<Content>>): Definitions<Content> {
  return new Map(
    [...entries].filter(([, { content }]) => content !== null).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
