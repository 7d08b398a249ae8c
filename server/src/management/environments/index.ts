export { listEnvironments } from "./list-environments.ts";
export { environmentRoutes } from "./routes.ts";
