export { createHub, type Hub } from "./hub.ts";
export { addStreamRoutes } from "./routes.ts";
