export { forgetOldUsage } from "./forget.ts";
export { addUsageRoutes } from "./routes.ts";
