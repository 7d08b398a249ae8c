import type { Condition, Flag, KillElement, Segment } from "@lanyard/evaluation";
import { activeKills } from "../../fanout/index.ts";
import type { Entry, EnvironmentState } from "../environments/index.ts";

export type Audience = "server" | "client";

/** What a kind of key may see of an environment. */
export interface View {
  flags: Map<string, Entry<Flag>>;
  segments: Map<string, Entry<Segment>>;
  kills: KillElement[];
}

/** A server key sees everything; a client key the flags for clients and the segments that these need. */
export function viewOf(state: EnvironmentState, audience: Audience): View {
  const flags = live(state.flags);
  const segments = live(state.segments);
  const kills = activeKills(state.kills);
  if (audience === "server") return { flags, segments, kills };
  const visible = new Map([...flags].filter(([, { content }]) => content?.audience === "client"));
  const needed = segmentsOf(visible.values(), segments);
  return {
    flags: visible,
    segments: new Map([...segments].filter(([key]) => needed.has(key))),
    kills: kills.filter(({ flag }) => visible.has(flag)),
  };
}

/** What turns one view into the other; null removes. */
export function difference<Content>(
  before: Map<string, Entry<Content>>,
  after: Map<string, Entry<Content>>,
): Map<string, string> {
  const changed = new Map<string, string>();
  for (const [key, { json }] of after) if (before.get(key)?.json !== json) changed.set(key, json);
  for (const key of before.keys()) if (!after.has(key)) changed.set(key, "null");
  return changed;
}

/** Sorted, so that all nodes send the same bytes. */
function live<Content>(entries: Map<string, Entry<Content>>): Map<string, Entry<Content>> {
  return new Map(
    [...entries].filter(([, { content }]) => content !== null).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function segmentsOf(flags: Iterable<Entry<Flag>>, segments: Map<string, Entry<Segment>>): Set<string> {
  const needed = new Set<string>();
  const visit = (condition: Condition | undefined) => {
    if (!condition) return;
    if ("all" in condition) for (const each of condition.all) visit(each);
    else if ("any" in condition) for (const each of condition.any) visit(each);
    else if ("not" in condition) visit(condition.not);
    else if ("segment" in condition && !needed.has(condition.segment)) {
      needed.add(condition.segment);
      visit(segments.get(condition.segment)?.content?.when);
    }
  };
  for (const { content } of flags) for (const { when } of content?.rules ?? []) visit(when);
  return needed;
}
