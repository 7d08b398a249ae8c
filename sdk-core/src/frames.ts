import type { Flag, KillElement, Ruleset, Segment } from "@lanyard/evaluation";
import type { ElementId } from "./kills.ts";

/** What changes rules and kills; see docs/protocol.md. */
export interface RuleFrames {
  put: Rules;
  patch: Patch;
  kill: { elements: KillElement[]; kills: number; confirmWithinMs?: number; confirmShare?: number };
  lift: { elements: ElementId[]; kills: number };
}

/** What travels on the stream, by event name. */
export interface Frames extends RuleFrames {
  heartbeat: { epoch: number; revision: number; kills: number; digest: string };
  reload: { epoch: number; revision: number };
  goodbye: { reconnectInMs: number };
}

/** A ruleset that also says what was lifted, where no `lift` frame can: answers to polls, and snapshots. */
export type Rules = Ruleset & { lifted?: ElementId[] };

export interface Patch {
  epoch: number;
  from: number;
  to: number;
  flags: Record<string, Flag | null>;
  segments: Record<string, Segment | null>;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const areNumbers = (frame: Fields, ...names: string[]): boolean =>
  names.every((name) => Number.isFinite(frame[name]));
const areElements = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((each) => typeof each?.id === "string" && typeof each.flag === "string");
/** Every entry has these lists. */
const haveLists = (entries: unknown, orNull: boolean, ...names: string[]): boolean =>
  isFields(entries) &&
  Object.values(entries).every((entry) =>
    isFields(entry) ? names.every((name) => Array.isArray(entry[name])) : orNull && entry === null,
  );
const areContents = ({ flags, segments }: Fields, orNull: boolean): boolean =>
  haveLists(flags, orNull, "variations", "prerequisites") && haveLists(segments, orNull, "included");

const SHAPES: { readonly [Name in keyof Frames]: (frame: Fields) => boolean } = {
  put: (frame) =>
    frame.format === 1 &&
    typeof frame.environmentId === "string" &&
    areNumbers(frame, "epoch", "revision") &&
    areContents(frame, false) &&
    areElements(frame.kills) &&
    areElements(frame.lifted ?? []),
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
  if (isFields(frame) && SHAPES[name](frame)) return frame as unknown as Frames[Name];
  const format = isFields(frame) ? Number(frame.format) : 1;
  throw new Error(
    format > 1 ? `ruleset format ${format} is newer than this SDK` : `a damaged ${name} was refused`,
  );
}
