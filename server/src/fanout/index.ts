export type {
  Announcement,
  Confirmation,
  Counters,
  Fanout,
  InstanceWord,
  KillFact,
  LiftElement,
  Shelf,
} from "./announcement.ts";
export { createFanout, type FanoutOptions } from "./fanout.ts";
export { createSigner, type Signer } from "./signature.ts";
