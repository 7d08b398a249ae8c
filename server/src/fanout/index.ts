export type { Announcement, Counters, Fanout, KillFact, LiftElement, Shelf } from "./announcement.ts";
export { createFanout, type FanoutOptions } from "./fanout.ts";
export { createSigner, type Signer } from "./signature.ts";
