export type {
  Announcement,
  Confirmation,
  Counters,
  EndedAccess,
  Fact,
  Fanout,
  HeldKill,
  InstanceWord,
  KillFact,
  Lift,
  LiftElement,
  LiftFact,
  PublicAttribute,
  Shelf,
} from "./announcement.ts";
export { createConnectionCounts } from "./connection-counts.ts";
export { createFanout, type FanoutOptions } from "./fanout.ts";
export { type KillName, type KillSubject, killId, killRoot, parseKillId } from "./kill-id.ts";
export {
  activeKills,
  coverageOf,
  type Elements,
  elementsOf,
  emptyKillSet,
  flagsUnder,
  generationOf,
  inForce,
  isKilled,
  isOver,
  type KillSet,
  lastLifted,
  liftedOf,
  mergeKills,
  missingFrom,
  timeOfLift,
  unheardOf,
} from "./kill-set.ts";
export { createNodeWords } from "./node-words.ts";
export type { Siblings } from "./siblings.ts";
export { createSigner, type Signer } from "./signature.ts";
