import type { Flag, Segment } from "@lanyard/evaluation";
import { canonicalJson } from "../../canonical-json.ts";
import { emptyKillSet, type KillSet, type PublicAttribute } from "../../fanout/index.ts";
import { type ChangedKeys, changedSince, withStep } from "./recent-changes.ts";

/** What is live for a key, and the revision that made it so; null is a tombstone. */
export interface Entry<Content> {
  content: Content | null;
  /** Canonical JSON, so that all nodes send the same bytes. */
  json: string;
  revision: number;
}

/** Where an environment has got to: a revision means something only within its epoch. */
export interface Lineage {
  epoch: number;
  revision: number;
}

/** A revision and when it was reached, in epoch milliseconds: when it was made, or at the latest when it came here. */
export interface Reached {
  revision: number;
  at: number;
}

/**
 * One environment as this node serves it. Every key's newest publication is kept with its revision, tombstones too,
 * so that the patch between any two revisions needs no database.
 */
export interface EnvironmentState extends Lineage {
  readonly id: string;
  readonly projectId: string;
  readonly projectKey: string;
  readonly key: string;
  /** When that revision was reached, on the monotonic clock. */
  revisedAt: number;
  /** Oldest first. */
  reached: Reached[];
  /** What the newest revisions changed, oldest first. */
  recent: readonly ChangedKeys[];
  flags: Map<string, Entry<Flag>>;
  segments: Map<string, Entry<Segment>>;
  /** What pages may claim; every other attribute is private. */
  attributes: Map<string, Entry<PublicAttribute>>;
  readonly kills: KillSet;
  /** The newest counter of kills and lifts that this node has seen in the database. */
  killsCounter: number;
  /** When that was, on the monotonic clock. */
  killsCountedAt: number;
}

export type Segments = ReadonlyMap<string, Entry<Segment>>;

/** Newest publications of the keys that changed in (from, to]. */
export interface Patch {
  epoch: number;
  from: number;
  to: number;
  flags: Map<string, Entry<Flag>>;
  segments: Map<string, Entry<Segment>>;
  attributes: Map<string, Entry<PublicAttribute>>;
}

export function newState(
  identity: Pick<EnvironmentState, "id" | "projectId" | "projectKey" | "key">,
): EnvironmentState {
  const { id, projectId, projectKey, key } = identity;
  return {
    id,
    projectId,
    projectKey,
    key,
    epoch: 0,
    revision: 0,
    revisedAt: 0,
    reached: [],
    recent: [],
    flags: new Map(),
    segments: new Map(),
    attributes: new Map(),
    kills: emptyKillSet(),
    killsCounter: 0,
    killsCountedAt: 0,
  };
}

/** Whether `state` holds exactly what the patch starts from. */
export function fits(state: EnvironmentState, patch: Pick<Patch, "epoch" | "from">): boolean {
  return patch.epoch === state.epoch && patch.from === state.revision;
}

/** Returns the segments that it replaced. */
export function applyPatch(state: EnvironmentState, patch: Patch, now: number): Segments {
  const before = new Map<string, Entry<Segment>>();
  for (const [key, entry] of patch.flags) state.flags.set(key, entry);
  for (const [key, entry] of patch.segments) {
    const replaced = state.segments.get(key);
    if (replaced) before.set(key, replaced);
    state.segments.set(key, entry);
  }
  for (const [key, entry] of patch.attributes) state.attributes.set(key, entry);
  state.revision = patch.to;
  state.revisedAt = now;
  state.recent = withStep(state.recent, patch);
  return before;
}

/** Undefined when nothing leads from there to what the state holds. */
export function patchSince(state: EnvironmentState, epoch: number, revision: number): Patch | undefined {
  if (epoch !== state.epoch || revision > state.revision) return undefined;
  const recent = changedSince(state, revision);
  const newer = <Content>(entries: Map<string, Entry<Content>>, among: Iterable<string> = entries.keys()) =>
    new Map(
      [...among].flatMap((key) => {
        const entry = entries.get(key);
        return entry !== undefined && entry.revision > revision ? [[key, entry]] : [];
      }),
    );
  return {
    epoch,
    from: revision,
    to: state.revision,
    flags: newer(state.flags, recent?.flags),
    segments: newer(state.segments, recent?.segments),
    attributes: newer(state.attributes, recent?.attributes),
  };
}

export function entryOf<Content>(content: Content | null, revision: number): Entry<Content> {
  // Parsed again, since the order of members shows in what is made of the content.
  return storedEntry(content === null ? null : canonicalJson(content), revision);
}

export function storedEntry<Content>(json: string | null, revision: number): Entry<Content> {
  return { content: json === null ? null : (JSON.parse(json) as Content), json: json ?? "null", revision };
}
