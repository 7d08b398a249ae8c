export { type AudienceClass, digestOf, flagsBetween, type Layout, sees } from "./audience-class.ts";
export { matches } from "./negotiate.ts";
export { noteWidened } from "./note-widened.ts";
export { addRulesetRoutes } from "./routes.ts";
export { createSnapshots, members, rulesetOf, type Snapshot, type Snapshots } from "./snapshot.ts";
export { answerUnchanged } from "./unchanged.ts";
export type { Audience } from "./view.ts";
