export { type Admission, createAdmissions } from "./admission.ts";
export { openStreamsAhead } from "./ahead.ts";
export { countElsewhere } from "./elsewhere.ts";
export { goodbyeFrame } from "./frames.ts";
export { Hub } from "./hub.ts";
export type { Streams } from "./open.ts";
export { type Pace, paceOf } from "./pace.ts";
export { addStreamRoutes } from "./routes.ts";
export { createUnrecorded } from "./unrecorded.ts";
