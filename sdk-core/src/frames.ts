import type { Flag, KillElement, Ruleset, Segment } from "@lanyard/evaluation";
import type { ElementId } from "./kills.ts";

/** What travels on the stream, by event name; see docs/protocol.md. */
export interface Frames {
  put: Ruleset;
  patch: Patch;
  kill: { elements: KillElement[]; kills: number; confirmWithinMs?: number; confirmShare?: number };
  lift: { elements: ElementId[]; kills: number };
  heartbeat: { epoch: number; revision: number; kills: number; digest: string };
  reload: { epoch: number; revision: number };
  goodbye: { reconnectInMs: number };
}

export interface Patch {
  epoch: number;
  from: number;
  to: number;
  flags: Record<string, Flag | null>;
  segments: Record<string, Segment | null>;
}

/** A ruleset as an answer to a poll, which alone can name what was lifted. */
export type PolledRuleset = Ruleset & { lifted?: ElementId[] };

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const areNumbers = (frame: Fields, ...names: string[]): boolean =>
  names.every((name) => Number.isFinite(frame[name]));
const areElements = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((each) => isFields(each) && typeof each.id === "string" && typeof each.flag === "string");
const everyEntry = (record: unknown, test: (entry: Fields) => boolean, orNull: boolean): boolean =>
  isFields(record) &&
  Object.values(record).every((entry) => (entry === null ? orNull : isFields(entry) && test(entry)));
const areContents = (frame: Fields, orNull: boolean): boolean =>
  everyEntry(
    frame.flags,
    (flag) => Array.isArray(flag.variations) && Array.isArray(flag.prerequisites),
    orNull,
  ) && everyEntry(frame.segments, (segment) => Array.isArray(segment.included), orNull);

const SHAPES: { readonly [Name in keyof Frames]: (frame: Fields) => boolean } = {
  put: (frame) =>
    frame.format === 1 &&
    typeof frame.environmentId === "string" &&
    areNumbers(frame, "epoch", "revision") &&
    areContents(frame, false) &&
    areElements(frame.kills),
  patch: (frame) => areNumbers(frame, "epoch", "from", "to") && areContents(frame, true),
  kill: (frame) => areElements(frame.elements),
  lift: (frame) => areElements(frame.elements),
  heartbeat: (frame) => areNumbers(frame, "epoch", "revision", "kills"),
  reload: (frame) => areNumbers(frame, "epoch", "revision"),
  goodbye: (frame) => areNumbers(frame, "reconnectInMs"),
};

export const isFrameName = (name: string): name is keyof Frames => Object.hasOwn(SHAPES, name);

/** Whether it has the outer shape of a ruleset; what is inside a flag is the evaluator's to judge. */
export const isRuleset = (value: unknown): value is Ruleset => isFields(value) && SHAPES.put(value);

/**
 * Parses one frame. Throws when it is not JSON or not of its shape: a damaged message is refused whole, and the last
 * good rules stay.
 */
export function parseFrame<Name extends keyof Frames>(name: Name, data: string): Frames[Name] {
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    // Its text may hold rules, so the parser's message is not repeated.
  }
  if (!isFields(frame) || !SHAPES[name](frame)) {
    throw new Error(
      isFields(frame) && Number(frame.format) > 1
        ? `ruleset format ${frame.format} is newer than this SDK`
        : `a damaged ${name} was refused`,
    );
  }
  return frame as unknown as Frames[Name];
}
