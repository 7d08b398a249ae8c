export { startKillExpiry } from "./expire-kills.ts";
export { recordFact } from "./record-fact.ts";
export { restoreKills } from "./restore-kills.ts";
export { killRoutes } from "./routes.ts";
