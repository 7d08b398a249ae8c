export { faultsOfFlag } from "./check-flag.ts";
export { faultsOfSegment } from "./check-segment.ts";
export { clientHeads } from "./client-flags.ts";
export type { Fault } from "./client-rule.ts";
export { publicAttributes } from "./public-attributes.ts";
export { reachableSegments, surroundingsOf } from "./surroundings.ts";
