export { noteKeyUse } from "./note-use.ts";
export { keyRoutes } from "./routes.ts";
