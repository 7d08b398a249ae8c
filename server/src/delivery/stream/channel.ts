import { type Context, DRILL_FLAG, type KillElement } from "@lanyard/evaluation";
import { activeKills, elementsOf, type LiftElement, liftedOf } from "../../fanout/index.ts";
import type { EnvironmentEvent, EnvironmentState } from "../environments/index.ts";
import type { Audience, Snapshots } from "../ruleset/index.ts";
import type { Connection } from "./connection.ts";
import { type Frame, heartbeatFrame, killFrame, liftFrame, PUT_BYTES, putFrame } from "./frames.ts";
import { createHoldings, type Held, type Move, within } from "./holdings.ts";
import { fanoutSeconds, framesWritten } from "./metrics.ts";
import { paceOf } from "./pace.ts";

/** What a stream begins from. */
export interface Opening extends Held {
  kills: ReadonlySet<string>;
  verified: Context;
}

/** All streams of one environment and audience: each change becomes one frame for all who hold the same. */
export interface Channel {
  /** Open streams. */
  readonly size: number;
  /** What a stream begins with. Whoever calls it must join in the same tick, so that nothing falls in between. */
  opening(from: Opening): Frame[];
  join(connection: Connection, verified: Context): void;
  leave(connection: Connection): void;
  hear(event: EnvironmentEvent): void;
  /** Equal for streams that get the same heartbeat. */
  holdingOf(connection: Connection): object;
  heartbeat(holding: object): Frame;
}

export function createChannel(state: EnvironmentState, audience: Audience, snapshots: Snapshots): Channel {
  const connections = new Set<Connection>();
  const holdings = createHoldings(state, audience, snapshots);
  /** Counts the kill and lift frames of this channel, so that a stream can tell that it missed none. */
  let kills = 0;

  function send(name: string, to: Iterable<Connection>, write: (connection: Connection) => void) {
    const end = fanoutSeconds.startTimer({ frame: name });
    for (const connection of to) write(connection);
    end();
    framesWritten.inc({ frame: name });
  }
  const move = ({ name, frame, to }: Move) => send(name, to, (connection) => connection.write(frame));
  const sendFirst = (name: string, frame: Frame) =>
    send(name, connections, (connection) => connection.writeFirst(frame));

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
  const sees = (flag: string) => holdings.sees(flag) || flag === DRILL_FLAG;

  /** Flags that come into a client's sight bring their kills with them, ahead of themselves. */
  function follow() {
    const hasComeIntoSight = holdings.follow();
    const isNew = ({ flag }: LiftElement) => hasComeIntoSight(flag);
    kill(activeKills(state.kills).filter(isNew));
    lift(elementsOf(state.kills).lifted.filter(isNew));
  }

  function content(held: Held, verified: Context): Frame[] {
    const { epoch, revision } = state;
    if (held.epoch === epoch && held.revision === revision) return [];
    const patch = holdings.since(held);
    if (patch) return [patch];
    const put = putFrame(epoch, revision, holdings.snapshot(verified).json);
    return [within(PUT_BYTES, "put", put, state).frame];
  }

  function heartbeat(digest: string) {
    const { epoch, revision } = state;
    return heartbeatFrame({ epoch, revision, kills, digest });
  }

  return {
    get size() {
      return connections.size;
    },
    opening({ verified, ...held }) {
      if (connections.size === 0) holdings.follow();
      const active = holdings.snapshot(verified).view.kills;
      const lifted = liftedOf(state.kills, held.kills).filter(({ flag }) => sees(flag));
      return [
        ...(active.length > 0 ? [killFrame(active, kills, pace())] : []),
        ...(lifted.length > 0 ? [liftFrame(lifted, kills)] : []),
        ...content(held, verified),
        heartbeat(holdings.snapshot(verified).digest()),
      ];
    },
    join(connection, verified) {
      connections.add(connection);
      holdings.add(connection, verified);
    },
    leave(connection) {
      connections.delete(connection);
      holdings.delete(connection);
    },
    holdingOf: (connection) => holdings.holdingOf(connection),
    heartbeat: (holding) => heartbeat(holdings.digest(holding)),
    hear(event) {
      if (connections.size === 0) return;
      switch (event.type) {
        case "patched":
          follow();
          for (const each of holdings.patched(event.patch, event.before)) move(each);
          return;
        case "replaced":
          follow();
          for (const each of holdings.replaced()) move(each);
          return;
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
