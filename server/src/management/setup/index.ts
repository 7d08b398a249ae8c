export { ensureSetup } from "./ensure-setup.ts";
export { setupRoutes } from "./routes.ts";
