export { startKillExpiry } from "./expire-kills.ts";
export { recordKill } from "./record-kill.ts";
export { restoreKills } from "./restore-kills.ts";
export { killRoutes } from "./routes.ts";
