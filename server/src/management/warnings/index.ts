export { warningsOfPublicAttribute } from "./attribute-warnings.ts";
export { warningsOfFlag } from "./flag-warnings.ts";
export { type SegmentUser, warningsOfSegment } from "./segment-warnings.ts";
