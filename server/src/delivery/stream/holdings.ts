import type { Context } from "@lanyard/evaluation";
import { type EnvironmentState, type Patch, patchSince, type Segments } from "../environments/index.ts";
import {
  type Audience,
  type AudienceClass,
  digestOf,
  flagsBetween,
  type Layout,
  type Snapshot,
  type Snapshots,
  sees,
} from "../ruleset/index.ts";
import type { Connection } from "./connection.ts";
import {
  type Frame,
  PATCH_BYTES,
  type PatchContent,
  PUT_BYTES,
  patchFrame,
  putFrame,
  reloadFrame,
} from "./frames.ts";
import { withDeltas } from "./segment-deltas.ts";

/** Bytes that bring some streams to what is live. */
export interface Move {
  name: string;
  frame: Frame;
  to: Iterable<Connection>;
}

/** What an SDK says that it has. */
export interface Held {
  epoch?: number | undefined;
  revision?: number | undefined;
}

/** What the streams of a channel hold; they are moved on together. */
export interface Holdings {
  add(connection: Connection, verified: Context): void;
  delete(connection: Connection): void;
  snapshot(verified: Context): Snapshot;
  sees(flag: string): boolean;
  /** Takes in what is live, and tells which flags have come into sight. */
  follow(): (flag: string) => boolean;
  /** `before`: the segments that the patch replaced. */
  patched(patch: Patch, before: Segments): Move[];
  replaced(): Move[];
  /** What leads from what an SDK holds to what is live, where that is less than everything. */
  since(held: Held): Frame | undefined;
  /** Equal for streams that hold the same. */
  holdingOf(connection: Connection): object;
  digest(holding: object): string;
}

export function createHoldings(state: EnvironmentState, audience: Audience, snapshots: Snapshots): Holdings {
  return audience === "server" ? new Whole(state, snapshots) : new ByClass(state, snapshots);
}

/** Small enough to be sent, or a word that it is to be fetched. */
export function within(bytes: number, name: string, frame: Frame, { epoch, revision }: EnvironmentState) {
  return frame.length <= bytes ? { name, frame } : { name: "reload", frame: reloadFrame(epoch, revision) };
}

/** Server keys see everything: a patch is what was published. */
class Whole implements Holdings {
  readonly #state: EnvironmentState;
  readonly #snapshots: Snapshots;
  readonly #connections = new Set<Connection>();

  constructor(state: EnvironmentState, snapshots: Snapshots) {
    this.#state = state;
    this.#snapshots = snapshots;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  delete(connection: Connection): void {
    this.#connections.delete(connection);
  }

  snapshot(): Snapshot {
    return this.#snapshots.of(this.#state, "server");
  }

  sees(): boolean {
    return true;
  }

  follow(): () => boolean {
    return () => false;
  }

  patched(patch: Patch, before: Segments): Move[] {
    const move = (content: PatchContent, to: Iterable<Connection>) => ({
      ...within(PATCH_BYTES, "patch", patchFrame(content), this.#state),
      to,
    });
    if (before.size === 0) return [move(patch, this.#connections)];
    const all = [...this.#connections];
    const takers = all.filter(({ takesDeltas }) => takesDeltas);
    const others = all.filter(({ takesDeltas }) => !takesDeltas);
    return [
      ...(takers.length > 0
        ? [move({ ...patch, segments: withDeltas(patch.segments, before) }, takers)]
        : []),
      ...(others.length > 0 ? [move(patch, others)] : []),
    ];
  }

  replaced(): Move[] {
    const { epoch, revision } = this.#state;
    const frame = putFrame(epoch, revision, this.snapshot().json);
    return [{ ...within(PUT_BYTES, "put", frame, this.#state), to: this.#connections }];
  }

  since({ epoch, revision }: Held): Frame | undefined {
    if (epoch === undefined || revision === undefined) return undefined;
    const patch = patchSince(this.#state, epoch, revision);
    return patch && within(PATCH_BYTES, "patch", patchFrame(patch), this.#state).frame;
  }

  holdingOf(): object {
    return this;
  }

  digest(): string {
    return this.snapshot().digest();
  }
}

interface Member {
  verified: Context;
  seen: AudienceClass;
}

/** Client keys see their user's audience class: each class's patch is the difference of what it sees. */
class ByClass implements Holdings {
  readonly #state: EnvironmentState;
  readonly #snapshots: Snapshots;
  readonly #members = new Map<Connection, Member>();
  /** What the streams were brought to. */
  #layout: Layout;

  constructor(state: EnvironmentState, snapshots: Snapshots) {
    this.#state = state;
    this.#snapshots = snapshots;
    this.#layout = snapshots.residuals(state).layout;
  }

  add(connection: Connection, verified: Context): void {
    this.#members.set(connection, { verified, seen: this.#residuals().classOf(verified) });
  }

  delete(connection: Connection): void {
    this.#members.delete(connection);
  }

  snapshot(verified: Context): Snapshot {
    return this.#snapshots.of(this.#state, "client", verified);
  }

  sees(flag: string): boolean {
    return sees(this.#layout, flag);
  }

  follow(): (flag: string) => boolean {
    const before = this.#layout;
    const after = this.#residuals().layout;
    this.#layout = after;
    return (flag) => !sees(before, flag) && sees(after, flag);
  }

  patched({ epoch, from, to }: Patch): Move[] {
    return this.#regroup().map(({ before, after, members }) => {
      const flags = flagsBetween(before, after);
      const frame = patchFrame({ epoch, from, to, flags, segments: [] });
      return { ...within(PATCH_BYTES, "patch", frame, this.#state), to: members };
    });
  }

  replaced(): Move[] {
    const { epoch, revision } = this.#state;
    return this.#regroup().map(({ after, members }) => {
      const frame = putFrame(epoch, revision, this.#snapshots.ofClass(this.#state, after).json);
      return { ...within(PUT_BYTES, "put", frame, this.#state), to: members };
    });
  }

  since(): undefined {
    // What a browser holds may be another class's.
    return undefined;
  }

  holdingOf(connection: Connection): object {
    // Where flags were widened the digest sends each SDK to fetch what it should hold.
    if (this.#residuals().layout !== this.#layout) {
      this.follow();
      this.#regroup();
    }
    return (this.#members.get(connection) as Member).seen;
  }

  digest(holding: object): string {
    const seen = holding as AudienceClass;
    seen.usedAt = performance.now();
    return digestOf(seen);
  }

  /** Puts every stream into the class that its user is in now: one group for all that come from one and go to one. */
  #regroup() {
    const residuals = this.#residuals();
    const groups = new Map<string, { before: AudienceClass; after: AudienceClass; members: Connection[] }>();
    const known = new Map<AudienceClass, Map<Context, AudienceClass>>();
    for (const [connection, member] of this.#members) {
      const { seen: before, verified } = member;
      const nexts = known.get(before) ?? new Map<Context, AudienceClass>();
      known.set(before, nexts);
      const after = nexts.get(verified) ?? residuals.next(before, verified);
      nexts.set(verified, after);
      member.seen = after;
      const name = `${before.key} ${after.key}`;
      const group = groups.get(name) ?? { before, after, members: [] };
      groups.set(name, group);
      group.members.push(connection);
    }
    return [...groups.values()];
  }

  #residuals() {
    return this.#snapshots.residuals(this.#state);
  }
}
