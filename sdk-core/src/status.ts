import type { Source } from "./store.ts";

/**
 * `empty`: no rules, callers get their defaults · `bootstrapped`, `cached`: rules that no server has confirmed yet ·
 * `live`: a server confirmed them and contact stands · `stale`: contact was lost · `closed`.
 */
export type ClientState = "empty" | "bootstrapped" | "cached" | "live" | "stale" | "closed";

/** What was wrong with what came from the server, counted since the client was made. */
export interface Faults {
  /** Frames and answers that were damaged, too long or of a newer format, and were refused whole. */
  refusedFrames: number;
  /** How often the rules were found to differ from the server's by their digest, and were fetched again. */
  mismatches: number;
}

/** A page counts no faults. */
export interface Status extends Partial<Faults> {
  state: ClientState;
  environmentId: string;
  epoch: number;
  revision: number;
  source: Source;
  /** Milliseconds since a server last confirmed the rules; `Infinity` when none ever did. */
  ageMs: number;
  /** The newest failure, in words, and by the HTTP status where a server answered; it stays after recovery. */
  lastError?: { message: string; at: Date; status?: number | undefined } | undefined;
  /** Evaluations and tracked values that could not be kept for want of room. */
  droppedUses: number;
}

const UNCONFIRMED: { readonly [From in Source]?: ClientState } = {
  none: "empty",
  bootstrap: "bootstrapped",
  cache: "cached",
};

/** `contact`: whether a server can bring changes now. */
export function stateOf(source: Source, contact?: boolean, closed?: boolean): ClientState {
  if (closed) return "closed";
  return contact ? "live" : (UNCONFIRMED[source] ?? "stale");
}
