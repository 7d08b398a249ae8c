import type { IncomingHttpHeaders } from "node:http";
import type { Segment } from "@lanyard/evaluation";
import { applyDelta, deltaBetween } from "@lanyard/evaluation/segment-delta";
import type { Entry, Segments } from "../environments/index.ts";

/** Whether an SDK says that it can put a segment together. */
export function takesDeltas(headers: IncomingHttpHeaders): boolean {
  return String(headers["lanyard-accept"])
    .split(/\s*,\s*/)
    .includes("segment-deltas");
}

/** What travels of changed segments to SDKs that hold what was there before and take deltas. */
export function withDeltas(changed: Segments, before: Segments): Map<string, { json: string }> {
  return new Map(
    [...changed].map(([key, entry]) => [key, { json: deltaOf(before.get(key), entry) ?? entry.json }]),
  );
}

/** Undefined where the whole segment is as small, or more than its lists differs. */
function deltaOf(before: Entry<Segment> | undefined, after: Entry<Segment>): string | undefined {
  if (!before?.content || !after.content) return undefined;
  const delta = deltaBetween(before.content, after.content);
  const json = JSON.stringify(delta);
  if (json.length >= after.json.length) return undefined;
  // It does not where more than the lists differs, or these hold something twice.
  return JSON.stringify(applyDelta(before.content, delta)) === after.json ? json : undefined;
}
