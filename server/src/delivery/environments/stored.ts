import type { Flag, Segment } from "@lanyard/evaluation";
import { type Elements, elementsOf, mergeKills, type PublicAttribute } from "../../fanout/index.ts";
import { type Entry, type EnvironmentState, newState, type Reached, storedEntry } from "./state.ts";

type StoredEntries = [key: string, json: string | null, revision: number][];

/** An environment as a node keeps it in its data folder. */
export interface StoredEnvironment extends Elements {
  id: string;
  projectId: string;
  projectKey: string;
  key: string;
  epoch: number;
  revision: number;
  killsCounter: number;
  reached: Reached[];
  flags: StoredEntries;
  segments: StoredEntries;
  attributes: StoredEntries;
}

export function toStored(state: EnvironmentState): StoredEnvironment {
  const { id, projectId, projectKey, key, epoch, revision, killsCounter, reached } = state;
  const { kills, flags, segments, attributes } = state;
  return {
    id,
    projectId,
    projectKey,
    key,
    epoch,
    revision,
    killsCounter,
    reached,
    flags: storeEntries(flags),
    segments: storeEntries(segments),
    attributes: storeEntries(attributes),
    ...elementsOf(kills),
  };
}

export function fromStored({
  flags,
  segments,
  attributes,
  killed,
  lifted,
  ...stored
}: StoredEnvironment): EnvironmentState {
  const state = newState(stored);
  const { epoch, revision, killsCounter, reached } = stored;
  Object.assign(state, { epoch, revision, killsCounter, reached });
  state.flags = restoreEntries<Flag>(flags);
  state.segments = restoreEntries<Segment>(segments);
  state.attributes = restoreEntries<PublicAttribute>(attributes);
  mergeKills(state.kills, { killed, lifted });
  return state;
}

function storeEntries<Content>(entries: Map<string, Entry<Content>>): StoredEntries {
  return [...entries].map(([key, { content, json, revision }]) => [
    key,
    content === null ? null : json,
    revision,
  ]);
}

function restoreEntries<Content>(entries: StoredEntries): Map<string, Entry<Content>> {
  return new Map(entries.map(([key, json, revision]) => [key, storedEntry<Content>(json, revision)]));
}
