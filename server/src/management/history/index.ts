export { changesAfter } from "./list-changes.ts";
export { historyRoutes } from "./routes.ts";
