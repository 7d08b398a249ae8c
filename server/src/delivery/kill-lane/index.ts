export { type KillLane, openKillLane, type RecordKill } from "./lane.ts";
export { addKillRoute } from "./routes.ts";
export { within } from "./within.ts";
