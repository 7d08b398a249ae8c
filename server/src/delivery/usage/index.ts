export { forgetOldUsage } from "./merge.ts";
export { addUsageRoutes } from "./routes.ts";
