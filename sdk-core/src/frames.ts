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
const isNumber: (value: unknown) => boolean = Number.isFinite;
const isText = (value: unknown): boolean => typeof value === "string";
const areElements = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => isText(each?.id) && isText(each.flag));
/** Entries with these lists; `null` is one that is gone. */
const areEntries =
  (...lists: string[]) =>
  (value: unknown): boolean =>
    isFields(value) &&
    Object.values(value).every(
      (entry) => entry === null || lists.every((name) => Array.isArray((entry as Fields)[name])),
    );
const areFlags = areEntries("variations", "prerequisites");
const areSegments = areEntries("included");

/** What each frame must hold; the evaluator judges what is inside a flag. */
const SHAPES: { readonly [Name in keyof Frames]: Record<string, (value: unknown) => boolean> } = {
  put: {
    format: (value) => value === 1,
    environmentId: isText,
    epoch: isNumber,
    revision: isNumber,
    flags: areFlags,
    segments: areSegments,
    kills: areElements,
    lifted: (value = []) => areElements(value),
  },
  patch: { epoch: isNumber, from: isNumber, to: isNumber, flags: areFlags, segments: areSegments },
  kill: { elements: areElements },
  lift: { elements: areElements },
  heartbeat: { epoch: isNumber, revision: isNumber, kills: isNumber },
  reload: { epoch: isNumber, revision: isNumber },
  goodbye: { reconnectInMs: isNumber },
};

const fits = (name: keyof Frames, frame: unknown): boolean =>
  isFields(frame) && Object.entries(SHAPES[name]).every(([field, holds]) => holds(frame[field]));

export const isFrameName = (name: string): name is keyof Frames => Object.hasOwn(SHAPES, name);

/** Whether it has the outer shape of a ruleset; what is inside a flag is the evaluator's to judge. */
export const isRuleset = (value: unknown): value is Ruleset => fits("put", value);

/** Makes a frame whole, in place, that refers to what is held. Throws when it does not follow from that. */
export type Expand = (name: keyof Frames, frame: unknown) => void;

/**
 * Parses one frame. Throws a `SyntaxError` when it is not JSON or not of its shape: a damaged message is refused whole, and the last
 * good rules stay.
 */
export function parseFrame<Name extends keyof Frames>(
  name: Name,
  data: string,
  expand?: Expand,
): Frames[Name] {
  let frame: unknown;
  try {
    const sent: unknown = JSON.parse(data);
    expand?.(name, sent);
    frame = sent;
  } catch {
    // Its text may hold rules, so the parser's message is not repeated.
  }
  if (fits(name, frame)) return frame as unknown as Frames[Name];
  const format = Number(Object(frame).format);
  throw new SyntaxError(
    format > 1 ? `format ${format} is newer than this SDK` : `a damaged ${name} was refused`,
  );
}
