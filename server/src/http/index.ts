export { isDatabaseAway, problemHandler } from "./problem.ts";
export { requestId } from "./request-id.ts";
export { type Call, createRouter, type HttpContext } from "./router.ts";
export { securityHeaders } from "./security-headers.ts";
