export { type Admission, createAdmission } from "./admission.ts";
export { Hub } from "./hub.ts";
export { addStreamRoutes } from "./routes.ts";
