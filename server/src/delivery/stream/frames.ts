import type { KillElement } from "@lanyard/evaluation";
import type { LiftElement } from "../../fanout/index.ts";
import { members } from "../ruleset/index.ts";
import type { Pace } from "./pace.ts";

/** Larger changes are fetched as a snapshot: frames stay small, so that a kill never waits behind one. */
export const PATCH_BYTES = 64 * 1024;
/** What a client without rules is sent at once; beyond it the snapshot endpoint is the better way. */
export const PUT_BYTES = 1024 * 1024;

/** Bytes made once and written to every connection. */
export type Frame = Buffer;

const frame = (name: string, data: string, id?: string): Frame =>
  Buffer.from(`event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${data}\n\n`);

export function putFrame(epoch: number, revision: number, json: string): Frame {
  return frame("put", json, `${epoch}:${revision}`);
}

export interface PatchContent {
  epoch: number;
  from: number;
  to: number;
  flags: Iterable<[string, { json: string }]>;
  segments: Iterable<[string, { json: string }]>;
}

export function patchFrame({ epoch, from, to, flags, segments }: PatchContent): Frame {
  const data = `{"epoch":${epoch},"from":${from},"to":${to},"flags":${members(flags)},"segments":${members(segments)}}`;
  return frame("patch", data, `${epoch}:${to}`);
}

export function killFrame(elements: KillElement[], kills: number, pace: Pace): Frame {
  return frame("kill", JSON.stringify({ elements, kills, ...pace }));
}

export function liftFrame(elements: LiftElement[], kills: number): Frame {
  return frame("lift", JSON.stringify({ elements: elements.map(({ id, flag }) => ({ id, flag })), kills }));
}

export function heartbeatFrame(beat: {
  epoch: number;
  revision: number;
  kills: number;
  digest: string;
}): Frame {
  return frame("heartbeat", JSON.stringify({ ...beat, serverTime: new Date().toISOString() }));
}

export function reloadFrame(epoch: number, revision: number): Frame {
  return frame("reload", JSON.stringify({ epoch, revision }));
}

export function goodbyeFrame(reconnectInMs: number): Frame {
  return frame("goodbye", JSON.stringify({ reconnectInMs }));
}
