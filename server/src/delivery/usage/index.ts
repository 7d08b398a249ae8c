export { addUsageRoutes } from "./routes.ts";
