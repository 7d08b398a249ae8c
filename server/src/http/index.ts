export { type Ahead, answerAhead, queryAhead } from "./ahead.ts";
export type { HttpContext } from "./context.ts";
export { clearSessionCookies, sessionToken, setSessionCookies } from "./cookies.ts";
export { errorHandler, problemHandler, type WriteError } from "./problem.ts";
export { createRateLimit } from "./rate-limit.ts";
export { requestId, setRequestId } from "./request-id.ts";
export { requireDatabase } from "./require-database.ts";
export { type Call, createRouter } from "./router.ts";
export { securityHeaders } from "./security-headers.ts";
