export { addRulesetRoutes } from "./routes.ts";
export { createSnapshots, members, type Snapshot, type Snapshots } from "./snapshot.ts";
export { type Audience, difference, type View } from "./view.ts";
