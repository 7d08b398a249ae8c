export { faultsOfFlag } from "./check-flag.ts";
export { faultsOfSegment } from "./check-segment.ts";
export { type BrokenFlag, brokenClientFlags } from "./client-flags.ts";
export { clientFaults, type Fault } from "./client-rule.ts";
export { extensions } from "./extensions.ts";
export { publicAttributes } from "./public-attributes.ts";
export { reachableSegments, type Surroundings, surroundingsOf } from "./surroundings.ts";
