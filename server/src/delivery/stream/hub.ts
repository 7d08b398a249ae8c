import { setTimeout } from "node:timers/promises";
import type { KeyIndex, SignedContext } from "../../access/index.ts";
import type { Fanout } from "../../fanout/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import type { Audience, Snapshots } from "../ruleset/index.ts";
import { type Channel, createChannel } from "./channel.ts";
import type { Connection } from "./connection.ts";
import { type Frame, goodbyeFrame } from "./frames.ts";
import { openStreams } from "./metrics.ts";

const HEARTBEAT_SECONDS = 15;
/** A stream that lives for ever never meets a newly started node; the spread keeps ends from coming together. */
const MAX_AGE_MS = 60 * 60_000;
const GOODBYE_WITHIN_MS = 500;
/** Streams told to go a step of draining; the steps pace the reconnects. */
const DRAIN_STEP = 500;
const DRAIN_STEP_MS = 50;

interface Options {
  environments: Environments;
  snapshots: Snapshots;
  fanout: Fanout;
  keys: KeyIndex;
}

interface Member {
  channel: Channel;
  maxAgeMs: number;
}

type Slot = Map<Connection, Member>;

/** All SDK streams of this node. */
export class Hub {
  readonly #snapshots: Snapshots;
  readonly #fanout: Fanout;
  readonly #keys: KeyIndex;
  readonly #channels = new Map<string, Channel>();
  /** In slots by second, so that heartbeats are spread and never stand in a kill's way together. */
  readonly #slots: Slot[] = Array.from({ length: HEARTBEAT_SECONDS }, () => new Map());
  readonly #counts = new Map<string, number>();
  readonly #announced = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #joined = 0;
  #second = 0;
  #draining = false;

  constructor({ environments, snapshots, fanout, keys }: Options) {
    this.#snapshots = snapshots;
    this.#fanout = fanout;
    this.#keys = keys;
    environments.listen((event) => {
      for (const audience of ["server", "client"] as const)
        this.#channels.get(channelName(event.environment, audience))?.hear(event);
    });
    keys.onReload(() => this.#cutRevoked());
    this.#timer = setInterval(() => this.#tick(), 1_000);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Open streams of an environment. */
  count(environmentId: string): number {
    return this.#counts.get(environmentId) ?? 0;
  }

  channel(state: EnvironmentState, audience: Audience): Channel {
    const name = channelName(state, audience);
    const known = this.#channels.get(name);
    if (known) return known;
    const channel = createChannel(state, audience, this.#snapshots);
    this.#channels.set(name, channel);
    return channel;
  }

  /** Ends it at its first heartbeat after what is signed is believed no more, if not before. Returns how to leave. */
  join(
    state: EnvironmentState,
    channel: Channel,
    connection: Connection,
    { verified, believedUntil }: SignedContext,
  ): () => void {
    const maxAgeMs = Math.min(believedUntil - Date.now(), MAX_AGE_MS * (1 + Math.random()));
    const slot = this.#slots[this.#joined % HEARTBEAT_SECONDS] as Slot;
    this.#joined += 1;
    channel.join(connection, verified);
    slot.set(connection, { channel, maxAgeMs });
    this.#addToCount(state.id, 1);
    return () => {
      channel.leave(connection);
      slot.delete(connection);
      this.#addToCount(state.id, -1);
    };
  }

  /** Sends everybody elsewhere, in steps that pace their coming there. */
  async drain(): Promise<void> {
    this.#draining = true;
    const open = this.#slots.flatMap((slot) => [...slot.keys()]);
    for (let at = 0; at < open.length; at += DRAIN_STEP) {
      const frame = goodbyeFrame(Math.floor(Math.random() * GOODBYE_WITHIN_MS));
      for (const connection of open.slice(at, at + DRAIN_STEP)) connection.end(frame);
      if (at + DRAIN_STEP < open.length) await setTimeout(DRAIN_STEP_MS);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const environmentId of this.#counts.keys()) this.#announceCount(environmentId, 0);
    for (const slot of this.#slots) for (const connection of slot.keys()) connection.cut();
  }

  #tick(): void {
    this.#second = (this.#second + 1) % HEARTBEAT_SECONDS;
    this.#beat(this.#slots[this.#second] as Slot);
    // What changed, and all of it now and then: a node that is silent is taken for gone.
    for (const [environmentId, count] of this.#counts)
      if (this.#announced.get(environmentId) !== count || (count > 0 && this.#second === 0))
        this.#announceCount(environmentId, count);
  }

  #beat(slot: Slot): void {
    const frames = new Map<object, Frame>();
    for (const [connection, { channel, maxAgeMs }] of slot) {
      if (!this.#keys.isLive(connection.keyId)) connection.cut();
      else if (performance.now() - connection.openedAt > maxAgeMs)
        connection.end(goodbyeFrame(Math.floor(Math.random() * GOODBYE_WITHIN_MS)));
      else {
        const holding = channel.holdingOf(connection);
        const frame = frames.get(holding) ?? channel.heartbeat(holding);
        frames.set(holding, frame);
        connection.write(frame);
      }
    }
  }

  #cutRevoked(): void {
    for (const slot of this.#slots)
      for (const connection of slot.keys()) if (!this.#keys.isLive(connection.keyId)) connection.cut();
  }

  #addToCount(environmentId: string, by: 1 | -1): void {
    this.#counts.set(environmentId, this.count(environmentId) + by);
    openStreams.inc(by);
  }

  #announceCount(environmentId: string, count: number): void {
    this.#announced.set(environmentId, count);
    this.#fanout.announce({ type: "connections", environmentId, node: this.#fanout.node, count });
  }
}

function channelName(state: EnvironmentState, audience: Audience): string {
  return `${state.id} ${audience}`;
}
