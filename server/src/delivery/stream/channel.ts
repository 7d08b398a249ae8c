import { DRILL_FLAG, type KillElement } from "@lanyard/evaluation";
import { activeKills, elementsOf, type LiftElement, liftedOf } from "../../fanout/index.ts";
import { type EnvironmentEvent, type EnvironmentState, patchSince } from "../environments/index.ts";
import { type Audience, difference, type Snapshots, type View } from "../ruleset/index.ts";
import type { Connection } from "./connection.ts";
import {
  type Frame,
  heartbeatFrame,
  killFrame,
  liftFrame,
  PATCH_BYTES,
  PUT_BYTES,
  patchFrame,
  putFrame,
  reloadFrame,
} from "./frames.ts";
import { fanoutSeconds, framesWritten } from "./metrics.ts";
import { paceOf } from "./pace.ts";

/** What an SDK says that it has. */
export interface Held {
  epoch?: number | undefined;
  revision?: number | undefined;
  kills: ReadonlySet<string>;
}

/** All streams of one environment and audience: each change becomes one frame, written to every one of them. */
export interface Channel {
  readonly connections: Set<Connection>;
  /** What a stream begins with. Whoever calls it must join in the same tick, so that nothing falls in between. */
  opening(held: Held): Frame[];
  hear(event: EnvironmentEvent): void;
  heartbeat(): Frame;
}

export function createChannel(state: EnvironmentState, audience: Audience, snapshots: Snapshots): Channel {
  const connections = new Set<Connection>();
  /** What the streams hold; a client's patch is the difference, since a revision may hide or show a flag. */
  let view = snapshots.of(state, audience).view;
  /** Counts the kill and lift frames of this channel, so that a stream can tell that it missed none. */
  let kills = 0;

  function send(name: string, write: (connection: Connection) => void) {
    const end = fanoutSeconds.startTimer({ frame: name });
    for (const connection of connections) write(connection);
    end();
    framesWritten.inc({ frame: name });
  }
  const sendAll = (name: string, frame: Frame) => send(name, (connection) => connection.write(frame));
  const sendFirst = (name: string, frame: Frame) => send(name, (connection) => connection.writeFirst(frame));

  function kill(elements: KillElement[]) {
    if (elements.length === 0) return;
    kills += 1;
    sendFirst("kill", killFrame(elements, kills, pace()));
  }

  function lift(elements: LiftElement[]) {
    if (elements.length === 0) return;
    kills += 1;
    sendFirst("lift", liftFrame(elements, kills));
  }

  const pace = () => paceOf(audience, connections.size);
  const sees = (flag: string) => audience === "server" || view.flags.has(flag) || flag === DRILL_FLAG;

  /** Flags that come into a client's sight bring their kills with them, ahead of themselves. */
  function reveal(before: View, after: View) {
    if (audience === "server") return;
    const isNew = ({ flag }: LiftElement) => !before.flags.has(flag) && after.flags.has(flag);
    kill(activeKills(state.kills).filter(isNew));
    lift(elementsOf(state.kills).lifted.filter(isNew));
  }

  function patched({ epoch, from, to, flags, segments }: (EnvironmentEvent & { type: "patched" })["patch"]) {
    const after = snapshots.of(state, audience).view;
    reveal(view, after);
    const asEntries = (changes: Map<string, string>): [string, { json: string }][] =>
      [...changes].map(([key, json]) => [key, { json }]);
    const content =
      audience === "server"
        ? { flags, segments }
        : {
            flags: asEntries(difference(view.flags, after.flags)),
            segments: asEntries(difference(view.segments, after.segments)),
          };
    view = after;
    const frame = patchFrame({ epoch, from, to, ...content });
    if (frame.length <= PATCH_BYTES) sendAll("patch", frame);
    else sendAll("reload", reloadFrame(epoch, to));
  }

  function replaced() {
    const { epoch, revision } = state;
    const before = view;
    view = snapshots.of(state, audience).view;
    reveal(before, view);
    const frame = putFrame(epoch, revision, snapshots.of(state, audience).json);
    if (frame.length <= PUT_BYTES) sendAll("put", frame);
    else sendAll("reload", reloadFrame(epoch, revision));
  }

  function content(held: Held): Frame[] {
    const { epoch, revision } = state;
    if (held.epoch === epoch && held.revision === revision) return [];
    const patch =
      audience === "server" && held.epoch !== undefined && held.revision !== undefined
        ? patchSince(state, held.epoch, held.revision)
        : undefined;
    const frame = patch ? patchFrame(patch) : putFrame(epoch, revision, snapshots.of(state, audience).json);
    return [frame.length <= (patch ? PATCH_BYTES : PUT_BYTES) ? frame : reloadFrame(epoch, revision)];
  }

  function heartbeat() {
    const { epoch, revision } = state;
    return heartbeatFrame({ epoch, revision, kills, digest: snapshots.of(state, audience).digest() });
  }

  return {
    connections,
    opening(held) {
      if (connections.size === 0) view = snapshots.of(state, audience).view;
      const active = snapshots.of(state, audience).view.kills;
      const lifted = liftedOf(state.kills, held.kills).filter(({ flag }) => sees(flag));
      return [
        ...(active.length > 0 ? [killFrame(active, kills, pace())] : []),
        ...(lifted.length > 0 ? [liftFrame(lifted, kills)] : []),
        ...content(held),
        heartbeat(),
      ];
    },
    heartbeat,
    hear(event) {
      if (connections.size === 0) return;
      switch (event.type) {
        case "patched":
          return patched(event.patch);
        case "replaced":
          return replaced();
        case "killed":
          return kill(event.elements.filter((element) => sees(element.flag)));
        case "lifted":
          return lift(event.elements.filter((element) => sees(element.flag)));
        case "kills-lost":
          return;
      }
    },
  };
}
