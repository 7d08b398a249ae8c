export { createEventsHub, type EventsHub } from "./hub.ts";
export { eventRoutes } from "./routes.ts";
