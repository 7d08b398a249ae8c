export { matches } from "./negotiate.ts";
export { addRulesetRoutes } from "./routes.ts";
export { createSnapshots, members, rulesetOf, type Snapshot, type Snapshots } from "./snapshot.ts";
export { type Audience, difference, type View } from "./view.ts";
