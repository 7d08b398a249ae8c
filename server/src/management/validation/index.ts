export { faultsOfFlag } from "./check-flag.ts";
export { faultsOfSegment } from "./check-segment.ts";
export { brokenClientFlags } from "./client-flags.ts";
export type { Fault } from "./client-rule.ts";
export { extensions } from "./extensions.ts";
export { surroundingsOf } from "./surroundings.ts";
