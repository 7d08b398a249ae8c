export { openJournal } from "./journal.ts";
export { type KillLane, type LostKills, openKillLane, type RecordFact } from "./lane.ts";
export { createPeers, type Peers } from "./peers.ts";
export { addKillRoutes } from "./routes.ts";
export { createTokenLimit } from "./token-limit.ts";
export { within } from "./within.ts";
