import type { Role } from "@lanyard/contract";
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
      content?: {
        flags: Record<string, Flag | null>;
        segments: Record<string, Segment | null>;
        attributes: Record<string, PublicAttribute | null>;
      };
    }
  | {
      type: "killed";
      environmentId: string;
      elements: KillElement[];
      /**
       * The whole kill while the database may not have it: every node that hears of it keeps it until it has. Said once of
       * all its environments.
       */
      fact?: KillFact;
    }
  | {
      type: "lifted";
      environmentId: string;
      elements: Lift[];
      /** The same for a lift that did not wait for the database. */
      fact?: LiftFact;
    }
  /** This node only, at every look at the database, whether anything moved or not. */
  | { type: "counters"; environmentId: string; counters: Counters }
  /** Keys, members or roles of a project changed. */
  | {
      type: "access";
      projectId: string;
      /** The project's newest access counter, where it moved. */
      access?: number;
      /** What is over, so that it ends on nodes too that cannot ask the database. */
      ended?: EndedAccess;
    }
  /** The project's record grew; `sequence` is its newest change. */
  | { type: "recorded"; projectId: string; sequence: number }
  /** SDK streams of an environment that are open on node `node`. */
  | { type: "connections"; environmentId: string; node: string; count: number }
  /** Kills that SDK streams of node `node` hold and it has never heard of: all of them, bounded. */
  | { type: "held"; environmentId: string; node: string; held: HeldKill[] }
  /** A drill's kill: it travels like every kill, and is kept nowhere. */
  | { type: "drill"; environmentId: string; element: KillElement }
  /** What instances told `node`: who is there, who left, and which kills took effect. */
  | {
      type: "receipts";
      environmentId: string;
      node: string;
      seen: InstanceWord[];
      left: string[];
      confirmed: Confirmation[];
    };

/** A revoked key, a session by its token's hash, or somebody's role in the project, of which `role` is left. */
export type EndedAccess = { key: string } | { session: string } | { member: string; role: Role | null };

/** A kill that SDKs say they hold, and by how many open streams with server keys and with client keys. */
export interface HeldKill {
  id: string;
  instances: number;
  browsers: number;
}

/** What an SDK instance says of itself. */
export interface InstanceWord {
  id: string;
  app: string | null;
  host: string | null;
  sdk: string | null;
  epoch: number;
  revision: number;
  /** Absent where there was none. */
  refusedFrames?: number | undefined;
  mismatches?: number | undefined;
}

export interface Confirmation {
  kill: string;
  /** Null for a page, which says nothing of itself. */
  instance: string | null;
  /** When the kill took effect there, in epoch milliseconds by the clock of the node that was told. */
  effectAt: number;
  /** How many flags the instance holds down by it; absent when it does not count them. */
  flags?: number | undefined;
}

/** An attribute that a page may claim, and that flags for browsers may test there. */
export interface PublicAttribute {
  visibility: "public";
}

export interface LiftElement {
  id: string;
  flag: string;
}

export interface Lift extends LiftElement {
  /** RFC 3339; later than every kill that it is known to end. */
  at: string;
}

/** What was accepted without the database: all that this will have to know of it. */
export type Fact = KillFact | LiftFact;

interface Accepted {
  /** Of the kill. */
  id: string;
  projectId: string;
  reason: string;
  actor: { kind: "user" | "token" | "kill-token" | "system"; id: string; name: string };
  /** RFC 3339. */
  at: string;
  elements: { environmentId: string; flag: string }[];
}

export interface KillFact extends Accepted {
  kind: "kill";
  /** What was asked for, kept for the record. */
  selector: Record<string, unknown>;
  expiresAt: string | null;
}

/** An owner's lift as break-glass, or a kill token's of an alert that is resolved. */
export interface LiftFact extends Accepted {
  kind: "lift";
}

/** One environment's counters as the database has them; read by every node once a second. */
export interface Counters {
  projectId: string;
  projectKey: string;
  key: string;
  epoch: number;
  revision: number;
  kills: number;
  access: number;
  /** When the reading began, on this process's monotonic clock: what was learned later is newer than it. */
  readAt: number;
}

/** The bus: in process, through PostgreSQL NOTIFY and through Redis, beneath one face. */
export interface Fanout {
  /** This process among the nodes. */
  readonly node: string;
  /** Tells this node's listeners at once and other nodes as fast as it can. Never throws, never waits. */
  announce(announcement: Announcement): void;
  /** Returns the end of the subscription. A listener must not throw. */
  listen(listener: (announcement: Announcement) => void): () => void;
  /** Reads all counters now; resolves when a reading that began after the call is announced. */
  look(): Promise<void>;
  /** What every node can read while the database is away; undefined without Redis. */
  readonly shelf: Shelf | undefined;
  /** As the last look found it: false sooner than a query would find out. */
  readonly databaseUp: boolean;
  readonly redisUp: boolean;
  close(): Promise<void>;
}

/** Signed values stored in Redis, not only published. Every call may reject, or hang as long as Redis does. */
export interface Shelf {
  put(key: string, value: string): Promise<void>;
  all(): Promise<Map<string, string>>;
  remove(keys: string[]): Promise<void>;
}
