export { type KillLane, type LostKills, openKillLane, type RecordKill } from "./lane.ts";
export { addKillRoute } from "./routes.ts";
export { within } from "./within.ts";
