/**
 * The connection, as a pure function. A state says everything: which socket is open, if any, and when to wake; whoever
 * runs the machine closes the old socket and opens the new one whenever the number changes.
 */

const CONNECT_DEADLINE_MS = 10_000;
const REQUEST_DEADLINE_MS = 30_000;
/** Three missed heartbeats; bytes that make none may drip for ever and prove nothing. */
const LIVENESS_MS = 45_000;
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;
const REFUSED_MS = 30_000;
/** A server may slow a client down, but no status is final. */
const PACED_CAP_MS = 300_000;
const POLL_MS = 30_000;
const MAX_POLLS_PER_PROBE = 16;

export interface State {
  /** `waiting` and `closed` have no socket, `polling` a request, the others a stream. */
  readonly phase: "waiting" | "connecting" | "streaming" | "polling" | "closed";
  /** Grows whenever a socket is given up or opened, so that there is never more than one. */
  readonly socket: number;
  readonly wakeMs: number;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** How often streaming proved impossible since it last worked. */
  readonly blocked: number;
  /** Polls to make before the stream is probed again. */
  readonly pollsLeft: number;
  /** Heartbeats on this stream. */
  readonly beats: number;
}

/** Why a socket is over; a number is what the server asked to wait, in milliseconds. */
export type Loss = "dropped" | "refused" | "unstreamable" | number;

/** News is of the socket that is open; of any other there is none. */
export type Event =
  /** `hurry` ends a wait early: the network came back, or somebody looks at the page. */
  "wake" | "hurry" | "close" | "bytes" | "beat" | "polled" | Loss;

export const START: State = {
  phase: "waiting",
  socket: 0,
  wakeMs: 0,
  failures: 0,
  blocked: 0,
  pollsLeft: 0,
  beats: 0,
};

/** `draw` is uniform in [0, 1): chance is an input, so that every path can be replayed. */
export function step(state: State, event: Event, draw: number): State {
  const { phase, blocked, beats } = state;
  if (phase === "closed") return state;
  switch (event) {
    case "close":
      return next(state, "closed", 0);
    case "hurry":
      return phase === "waiting" ? attempt(state) : state;
    case "wake":
      if (phase === "waiting") return attempt(state);
      // A proxy that gathers a whole answer before it passes it on looks exactly like a stream without heartbeats.
      return lose(state, beats > 0 ? "dropped" : "unstreamable", draw);
    case "bytes":
      return phase === "connecting" ? { ...state, phase: "streaming", wakeMs: LIVENESS_MS } : state;
    case "beat":
      // A second heartbeat forgives earlier failures: a server that falls over at once must not be hammered.
      return { ...state, beats: beats + 1, ...(beats > 0 && { failures: 0, blocked: 0 }) };
    case "polled":
      // One silent connection may have been an outage: until another one was silent too, the stream is due at once.
      if (blocked < 2) return next(state, "waiting", BACKOFF_BASE_MS * draw);
      return next({ ...state, failures: 0 }, "waiting", POLL_MS * (0.8 + 0.4 * draw));
    default:
      return lose(state, event, draw);
  }
}

function lose(state: State, loss: Loss, draw: number): State {
  const { phase, failures, blocked } = state;
  if (loss === "unstreamable" && phase !== "polling") {
    const pollsLeft = Math.min(MAX_POLLS_PER_PROBE, 2 ** blocked);
    return attempt({ ...state, blocked: blocked + 1, pollsLeft });
  }
  let wakeMs = draw * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** failures);
  if (loss === "refused") wakeMs = REFUSED_MS * (1 + draw);
  if (typeof loss === "number") wakeMs = Math.min(PACED_CAP_MS, Math.max(0, loss));
  // Where only streams are cut off, a request now and then gets through; one that fails proves nothing about streams.
  const pollsLeft = phase === "connecting" && failures > 1 ? 1 : 0;
  return next({ ...state, failures: failures + 1, pollsLeft }, "waiting", wakeMs);
}

/** Opens a socket: a poll while streaming is believed impossible, else the stream. */
function attempt(state: State): State {
  const { pollsLeft } = state;
  return pollsLeft > 0
    ? next({ ...state, pollsLeft: pollsLeft - 1 }, "polling", REQUEST_DEADLINE_MS)
    : next({ ...state, beats: 0 }, "connecting", CONNECT_DEADLINE_MS);
}

function next(state: State, phase: State["phase"], wakeMs: number): State {
  return { ...state, phase, wakeMs, socket: state.socket + 1 };
}
