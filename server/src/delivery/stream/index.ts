export { Hub } from "./hub.ts";
export { addStreamRoutes } from "./routes.ts";
