export { type KillLane, type LostKills, openKillLane, type RecordKill } from "./lane.ts";
export { addKillRoute } from "./routes.ts";
export { createTokenLimit } from "./token-limit.ts";
export { within } from "./within.ts";
