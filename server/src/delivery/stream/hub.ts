import type { KeyIndex } from "../../access/index.ts";
import type { Fanout } from "../../fanout/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import type { Audience, Snapshots } from "../ruleset/index.ts";
import { type Channel, createChannel } from "./channel.ts";
import type { Connection } from "./connection.ts";
import { goodbyeFrame } from "./frames.ts";
import { openStreams } from "./metrics.ts";

const HEARTBEAT_SECONDS = 15;
/** A stream that lives for ever never meets a newly started node; the spread keeps ends from coming together. */
const MAX_AGE_MS = 60 * 60_000;
const GOODBYE_WITHIN_MS = 500;
/** Streams told to go a step of draining; the steps pace the reconnects. */
const DRAIN_STEP = 500;
const DRAIN_STEP_MS = 50;

/** All SDK streams of this node. */
export interface Hub {
  channel(state: EnvironmentState, audience: Audience): Channel;
  join(state: EnvironmentState, audience: Audience, connection: Connection): void;
  leave(state: EnvironmentState, audience: Audience, connection: Connection): void;
  /** Open streams of an environment. */
  count(environmentId: string): number;
  readonly draining: boolean;
  /** Sends everybody elsewhere. */
  drain(): Promise<void>;
  close(): void;
}

interface Options {
  environments: Environments;
  snapshots: Snapshots;
  fanout: Fanout;
  keys: KeyIndex;
}

interface Member {
  environmentId: string;
  channel: Channel;
  maxAgeMs: number;
}

export function createHub({ environments, snapshots, fanout, keys }: Options): Hub {
  const channels = new Map<string, { environmentId: string; channel: Channel }>();
  /** In slots by second, so that heartbeats are spread and never stand in a kill's way together. */
  const slots = Array.from({ length: HEARTBEAT_SECONDS }, () => new Map<Connection, Member>());
  const counts = new Map<string, number>();
  const announced = new Map<string, number>();
  let joined = 0;
  let second = 0;
  let draining = false;

  const channelOf = (state: EnvironmentState, audience: Audience): Channel => {
    const name = `${state.id} ${audience}`;
    const known = channels.get(name);
    if (known) return known.channel;
    const channel = createChannel(state, audience, snapshots);
    channels.set(name, { environmentId: state.id, channel });
    return channel;
  };
  const count = (environmentId: string, by: 1 | -1) => {
    counts.set(environmentId, (counts.get(environmentId) ?? 0) + by);
    openStreams.inc(by);
  };

  environments.listen((event) => {
    for (const audience of ["server", "client"] as const)
      channels.get(`${event.environment.id} ${audience}`)?.channel.hear(event);
  });
  keys.onReload(() => {
    for (const slot of slots)
      for (const connection of slot.keys()) if (!keys.isLive(connection.keyId)) connection.cut();
  });

  function beat(slot: Map<Connection, Member>) {
    const frames = new Map<Channel, Buffer>();
    for (const [connection, { channel, maxAgeMs }] of slot) {
      if (!keys.isLive(connection.keyId)) connection.cut();
      else if (performance.now() - connection.openedAt > maxAgeMs)
        connection.end(goodbyeFrame(Math.floor(Math.random() * GOODBYE_WITHIN_MS)));
      else {
        const frame = frames.get(channel) ?? channel.heartbeat();
        frames.set(channel, frame);
        connection.write(frame);
      }
    }
  }

  const announceCount = (environmentId: string, now: number) => {
    announced.set(environmentId, now);
    fanout.announce({ type: "connections", environmentId, node: fanout.node, count: now });
  };

  /** What changed, and all of it now and then: a node that is silent is taken for gone. */
  function announceCounts() {
    for (const [environmentId, now] of counts)
      if (announced.get(environmentId) !== now || (now > 0 && second === 0))
        announceCount(environmentId, now);
  }

  const timer = setInterval(() => {
    second = (second + 1) % HEARTBEAT_SECONDS;
    beat(slots[second] as Map<Connection, Member>);
    announceCounts();
  }, 1_000);

  return {
    channel: channelOf,
    join(state, audience, connection) {
      const channel = channelOf(state, audience);
      channel.connections.add(connection);
      const slot = slots[joined % HEARTBEAT_SECONDS] as Map<Connection, Member>;
      joined += 1;
      slot.set(connection, { environmentId: state.id, channel, maxAgeMs: MAX_AGE_MS * (1 + Math.random()) });
      count(state.id, 1);
    },
    leave(state, audience, connection) {
      channelOf(state, audience).connections.delete(connection);
      for (const slot of slots) slot.delete(connection);
      count(state.id, -1);
    },
    count: (environmentId) => counts.get(environmentId) ?? 0,
    get draining() {
      return draining;
    },
    async drain() {
      draining = true;
      const open = slots.flatMap((slot) => [...slot.keys()]);
      for (let at = 0; at < open.length; at += DRAIN_STEP) {
        const frame = goodbyeFrame(Math.floor(Math.random() * GOODBYE_WITHIN_MS));
        for (const connection of open.slice(at, at + DRAIN_STEP)) connection.end(frame);
        if (at + DRAIN_STEP < open.length) await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
      }
    },
    close() {
      clearInterval(timer);
      for (const environmentId of counts.keys()) announceCount(environmentId, 0);
      for (const slot of slots) for (const connection of slot.keys()) connection.cut();
    },
  };
}
