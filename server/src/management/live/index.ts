export { activeKills, type KilledFlag, liftOfElement } from "./active-kills.ts";
export { appendRevisions, type NewRevision } from "./append-revisions.ts";
export { liveSegments } from "./live-segments.ts";
export { type Head, readHeads } from "./read-heads.ts";
export {
  type Definition,
  makeFlag,
  makeSegment,
  type Targeting,
  targetingOf,
  turnedOff,
  untargeted,
} from "./snapshot.ts";
