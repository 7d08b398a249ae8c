/**
 * The connection, as a pure function: `step` says what follows from an event and which effects that takes. Late news
 * of a socket that was given up carries its old number and changes nothing.
 */

const CONNECT_DEADLINE_MS = 10_000;
const REQUEST_DEADLINE_MS = 30_000;
/** Three missed heartbeats. */
const LIVENESS_MS = 45_000;
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;
const REFUSED_MS = 30_000;
/** A server may slow a client down, but no status is final. */
const PACED_CAP_MS = 300_000;
const POLL_MS = 30_000;
const MAX_POLLS_PER_PROBE = 16;
const REPAIR_JITTER_MS = 1_000;

/** What outlives a single attempt. */
interface Plan {
  /** Sockets opened so far; the number of the newest. */
  readonly sockets: number;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** How often streaming proved impossible since it last worked. */
  readonly blocked: number;
  /** Polls to make before the stream is probed again. */
  readonly pollsLeft: number;
}

export type State = Plan &
  (
    | { readonly phase: "idle" | "waiting" | "closed" }
    | { readonly phase: "connecting" | "polling"; readonly socket: number }
    /** `repair`: the ruleset request beside the stream, 0 when there is none. */
    | {
        readonly phase: "streaming";
        readonly socket: number;
        readonly beats: number;
        readonly repair: number;
      }
  );

export type Loss =
  | { readonly kind: "dropped" | "refused" | "unstreamable" }
  | { readonly kind: "paced"; readonly ms: number };

export type Event =
  | { readonly type: "start" | "wake" | "hurry" | "close" }
  | { readonly type: "bytes" | "beat" | "damaged" | "fetched"; readonly socket: number }
  | { readonly type: "lost"; readonly socket: number; readonly loss: Loss };

export type Effect =
  | { readonly type: "stream"; readonly socket: number }
  | { readonly type: "fetch"; readonly socket: number; readonly delayMs: number; readonly repair: boolean }
  | { readonly type: "abort"; readonly socket: number }
  /** Replaces the one wake-up; `undefined` cancels it. */
  | { readonly type: "timer"; readonly ms: number | undefined }
  | { readonly type: "down" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const IDLE: State = { phase: "idle", sockets: 0, failures: 0, blocked: 0, pollsLeft: 0 };

/** `draw` is uniform in [0, 1): chance is an input, so that every path can be replayed. */
export function step(state: State, event: Event, draw: number): Step {
  if (state.phase === "closed") return stay(state);
  switch (event.type) {
    case "start":
      return state.phase === "idle" ? attempt(state, []) : stay(state);
    case "hurry":
      return state.phase === "waiting" ? attempt(state, []) : stay(state);
    case "close":
      return { state: { ...plan(state), phase: "closed" }, effects: [...aborts(state), timer(undefined)] };
    case "wake":
      return wake(state, draw);
    default:
      return news(state, event, draw);
  }
}

/** The wake-up means what the phase was waiting for. */
function wake(state: State, draw: number): Step {
  switch (state.phase) {
    case "waiting":
      return attempt(state, []);
    case "connecting":
      // A proxy that gathers a whole answer before it passes it on looks exactly like this.
      return lose(state, { kind: "unstreamable" }, draw);
    case "streaming":
    case "polling":
      return lose(state, { kind: "dropped" }, draw);
    case "idle":
    case "closed":
      return stay(state);
  }
}

function news(state: State, event: Extract<Event, { socket: number }>, draw: number): Step {
  const { socket } = event;
  if (state.phase === "connecting" && socket === state.socket && event.type === "bytes") {
    return { state: { ...state, phase: "streaming", beats: 0, repair: 0 }, effects: [timer(LIVENESS_MS)] };
  }
  if (state.phase === "streaming" && socket === state.socket) {
    if (event.type === "bytes") return { state, effects: [timer(LIVENESS_MS)] };
    if (event.type === "beat") return stay(proven({ ...state, beats: state.beats + 1 }));
    if (event.type === "damaged") return repair(state, draw);
  }
  if (state.phase === "streaming" && socket === state.repair) {
    if (event.type === "fetched" || event.type === "lost") return stay({ ...state, repair: 0 });
  }
  if (state.phase === "polling" && socket === state.socket && event.type === "fetched") {
    return wait({ ...state, failures: 0 }, POLL_MS * (0.8 + 0.4 * draw), []);
  }
  const current = "socket" in state && socket === state.socket;
  return current && event.type === "lost" ? lose(state, event.loss, draw) : stay(state);
}

/** A second heartbeat is what forgives earlier failures: a server that falls over at once must not be hammered. */
function proven<S extends State & { beats: number }>(state: S): S {
  return state.beats < 2 ? state : { ...state, failures: 0, blocked: 0 };
}

function repair(state: State & { phase: "streaming" }, draw: number): Step {
  if (state.repair) return stay(state);
  const socket = state.sockets + 1;
  return {
    state: { ...state, sockets: socket, repair: socket },
    effects: [{ type: "fetch", socket, delayMs: draw * REPAIR_JITTER_MS, repair: true }],
  };
}

function lose(state: State, loss: Loss, draw: number): Step {
  const failed = { ...plan(state), failures: state.failures + 1 };
  const gone = aborts(state);
  switch (loss.kind) {
    case "unstreamable": {
      if (state.phase === "polling") return lose(state, { kind: "dropped" }, draw);
      const pollsLeft = Math.min(MAX_POLLS_PER_PROBE, 2 ** state.blocked);
      return attempt({ ...plan(state), blocked: state.blocked + 1, pollsLeft }, gone);
    }
    case "paced":
      return wait(failed, Math.min(PACED_CAP_MS, Math.max(0, loss.ms)), [...gone, { type: "down" }]);
    case "refused":
      return wait(failed, REFUSED_MS * (1 + draw), [...gone, { type: "down" }]);
    case "dropped": {
      const capMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** state.failures);
      return wait(failed, draw * capMs, [...gone, { type: "down" }]);
    }
  }
}

/** Opens the next socket: a poll while streaming is believed impossible, else the stream. */
function attempt(from: Plan, before: readonly Effect[]): Step {
  const socket = from.sockets + 1;
  const next = { ...plan(from), sockets: socket, pollsLeft: Math.max(0, from.pollsLeft - 1) };
  return from.pollsLeft > 0
    ? {
        state: { ...next, phase: "polling", socket },
        effects: [
          ...before,
          { type: "fetch", socket, delayMs: 0, repair: false },
          timer(REQUEST_DEADLINE_MS),
        ],
      }
    : {
        state: { ...next, phase: "connecting", socket },
        effects: [...before, { type: "stream", socket }, timer(CONNECT_DEADLINE_MS)],
      };
}

function wait(from: Plan, ms: number, before: readonly Effect[]): Step {
  return { state: { ...plan(from), phase: "waiting" }, effects: [...before, timer(ms)] };
}

function aborts(state: State): Effect[] {
  const open = "socket" in state ? [state.socket] : [];
  if (state.phase === "streaming" && state.repair) open.push(state.repair);
  return open.map((socket) => ({ type: "abort", socket }));
}

const stay = (state: State): Step => ({ state, effects: [] });
const timer = (ms: number | undefined): Effect => ({ type: "timer", ms });
const plan = ({ sockets, failures, blocked, pollsLeft }: Plan): Plan => ({
  sockets,
  failures,
  blocked,
  pollsLeft,
});
