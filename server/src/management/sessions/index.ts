export { sessionRoutes } from "./routes.ts";
export { type StartedSession, startSession } from "./start-session.ts";
export { verifyPassword } from "./verify-password.ts";
