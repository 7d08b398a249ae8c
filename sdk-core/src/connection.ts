import { digestHeld } from "@lanyard/evaluation/digest";
import { type Expand, type Frames, isFrameName, parseFrame, type RuleFrames } from "./frames.ts";
import { type Event, START, step } from "./machine.ts";
import type { Platform } from "./platform.ts";
import type { Schedule } from "./schedule.ts";
import { lossOf, lost, type Server } from "./server.ts";
import { createSseParser } from "./sse.ts";
import { isLive, type Source, type Store } from "./store.ts";

/** What a client hears of its connection. */
export interface ConnectionListener {
  /** A server has just confirmed the rules in use. */
  contact(source: Source): void;
  /** Contact is lost until further notice. */
  down(): void;
  /** `status`: of the HTTP answer, where there was one. `cause`: the error, or the heartbeat that differed. */
  failed(message: string, status?: number | undefined, cause?: unknown): void;
  /** Rules or kills. `false`: they do not follow from what is held. */
  rules<Name extends keyof RuleFrames>(
    name: Name,
    frame: RuleFrames[Name],
    source: Source,
    repair?: boolean,
  ): boolean;
}

export interface Connection {
  /** Reconnects now rather than at the end of a wait: for when the network is known to be back. */
  hurry(): void;
  close(): void;
}

/** What a connection is made of. */
export interface Line {
  platform: Platform;
  schedule: Schedule;
  server: Server;
  store: Store;
  listener: ConnectionListener;
  /** Absent: frames are whole as they come. */
  expand?: Expand | undefined;
}

const REPAIR_DEADLINE_MS = 30_000;
const REPAIR_JITTER_MS = 1_000;

/** Runs the machine: what its states ask for happens here, and what comes of it goes back in as events. */
export function connect({ platform, schedule, server, store, listener, expand }: Line): Connection {
  let state = START;
  let socket = new AbortController();
  /** What need not be compared with a digest again: it agreed, or was repaired, which again would bring the same. */
  let settled = "";
  /** The newest counter of the kill state; not a number until a stream's first heartbeat told it. */
  let killCounter = Number.NaN;

  function dispatch(event: Event): void {
    const before = state;
    state = step(before, event, platform.random());
    if (state === before) return;
    if (state.phase === "closed") schedule.clear("connection");
    else schedule.set("connection", state.wakeMs, wake);
    if (state.socket !== before.socket) {
      socket.abort();
      socket = new AbortController();
      schedule.clear("repair");
      schedule.clear("digest");
      if (state.phase === "connecting") void run(stream);
      if (state.phase === "polling") void run(ask("poll"));
    }
    if (state.failures > before.failures) listener.down();
  }

  function wake(): void {
    if (state.phase === "waiting") dispatch("wake");
    else fail("wake", "the server has gone quiet");
  }

  function fail(event: Event, ...failure: Parameters<ConnectionListener["failed"]>): void {
    dispatch(event);
    listener.failed(...failure);
  }

  /** Runs the socket to its end. What it still says once it is given up is no news. */
  async function run(use: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = socket;
    try {
      await use(signal);
    } catch (error) {
      const { message, loss, status } = lossOf(error);
      if (!signal.aborted) fail(loss, message, status, error);
    }
  }

  async function stream(signal: AbortSignal): Promise<void> {
    const reader = await server.stream(signal);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    killCounter = Number.NaN;
    const parse = createSseParser((name, data) => {
      if (!signal.aborted) receive(name, data);
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) throw lost("the stream ended");
      dispatch("bytes");
      parse(decoder.decode(value, { stream: true }));
    }
  }

  /** Asks for the rules: in place of the stream, or beside it to repair what came by it. */
  const ask = (source: "poll" | "stream") => async (signal: AbortSignal) => {
    const isRepair = source === "stream";
    const rules = await server.rules(signal, isRepair);
    if (signal.aborted) return;
    if (rules) listener.rules("put", rules, source, isRepair);
    listener.contact(source);
    if (isRepair) schedule.clear("repair");
    else dispatch("polled");
  };

  /** Fetches the rules beside the stream, after a random while: many others have to as well. */
  function repair(): void {
    if (schedule.has("repair")) return;
    // Whoever has nothing from a server yet does not wait for others' sake.
    const delayMs = isLive(store.source) ? platform.random() * REPAIR_JITTER_MS : 0;
    schedule.set("repair", delayMs, () => {
      schedule.set("repair", REPAIR_DEADLINE_MS, () => fail("dropped", "the rules do not come"));
      void run(ask("stream"));
    });
  }

  /** A repair under way brings what is missing; else a new connection does. */
  function behind(message: string): void {
    if (!schedule.has("repair")) throw lost(message);
  }

  /** Contact is made once the rules were compared with a beat's digest: of many rules a part at a time, so that nothing waits. */
  function compare(beat: Frames["heartbeat"]): void {
    const { evaluator } = store;
    const { epoch, revision } = evaluator.ruleset;
    const identity = `${epoch}:${revision}`;
    const claim = `${identity}:${beat.digest}`;
    if (beat.epoch === epoch && beat.revision === revision && settled !== identity && settled !== claim) {
      const digest = digestHeld(evaluator);
      if (!digest) {
        schedule.set("digest", 0, () => compare(beat));
        return;
      }
      settled = claim;
      if (beat.digest !== digest) {
        settled = identity;
        listener.failed("the rules differ from the server's", undefined, beat);
        repair();
        // Kept rules may be what their user was allowed before: no server has confirmed them until the repair comes.
        if (!isLive(store.source)) return;
      }
    }
    listener.contact("stream");
  }

  const control: {
    readonly [Name in Exclude<keyof Frames, keyof RuleFrames>]: (frame: Frames[Name]) => void;
  } = {
    heartbeat(beat) {
      dispatch("beat");
      if (beat.kills > killCounter) throw lost("a kill is missing");
      killCounter = beat.kills;
      if (store.isBehind(beat)) return behind("a change is missing");
      compare(beat);
    },
    reload(identity) {
      if (store.isBehind(identity)) repair();
    },
    goodbye: ({ reconnectInMs }) => dispatch(reconnectInMs),
  };

  function receive(name: string, data: string): void {
    if (!isFrameName(name)) return;
    const frame = parseFrame(name, data, expand);
    const handle = control[name as keyof typeof control] as ((frame: unknown) => void) | undefined;
    if (handle) handle(frame);
    else rules(name as keyof RuleFrames, frame as RuleFrames[keyof RuleFrames]);
  }

  function rules(name: keyof RuleFrames, frame: RuleFrames[keyof RuleFrames]): void {
    if (!listener.rules(name, frame, "stream")) behind("a change is missing");
    else if ("elements" in frame) killCounter = Math.max(killCounter, frame.kills);
    else listener.contact("stream");
  }

  dispatch("wake");
  return { hurry: () => dispatch("hurry"), close: () => dispatch("close") };
}
