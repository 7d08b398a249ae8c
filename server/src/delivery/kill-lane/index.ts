export { type KillLane, type LostKills, openKillLane, type RecordKill } from "./lane.ts";
export { addKillRoutes } from "./routes.ts";
export { createTokenLimit } from "./token-limit.ts";
export { within } from "./within.ts";
