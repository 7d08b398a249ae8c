import type { Flag, KillElement, Segment } from "@lanyard/evaluation";

/**
 * What one part of the product tells the others, on this node and on all. None is needed for correctness: each
 * says that a counter moved, some carry what changed so that nobody has to ask, and the poll finds what was missed.
 */
export type Announcement =
  | {
      type: "published";
      environmentId: string;
      epoch: number;
      from: number;
      to: number;
      /** Null removes. Absent when too large to send: read it from the database. */
      content?: { flags: Record<string, Flag | null>; segments: Record<string, Segment | null> };
    }
  | { type: "killed"; environmentId: string; elements: KillElement[] }
  | { type: "lifted"; environmentId: string; elements: LiftElement[] }
  | { type: "counters"; environmentId: string; counters: Counters }
  /** Keys, members or roles of a project changed. */
  | { type: "access"; projectId: string }
  /** The project's record grew; `sequence` is its newest change. */
  | { type: "recorded"; projectId: string; sequence: number };

export interface LiftElement {
  id: string;
  flag: string;
}

/** One environment's counters as the database has them; read by every node once a second. */
export interface Counters {
  projectId: string;
  epoch: number;
  revision: number;
  kills: number;
  access: number;
  metadata: number;
}

/** The bus: in process, through PostgreSQL NOTIFY and through Redis, beneath one face. */
export interface Fanout {
  /** Tells this node's listeners at once and other nodes as fast as it can. Never throws, never waits. */
  announce(announcement: Announcement): void;
  /** Returns the end of the subscription. A listener must not throw. */
  listen(listener: (announcement: Announcement) => void): () => void;
  close(): Promise<void>;
}
