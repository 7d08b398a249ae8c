export { applyChange, type Edit, type EnvironmentRow, type Publication } from "./apply-change.ts";
export { canonicalJson, contentHash } from "./canonical.ts";
export { appendChange, lockProject } from "./record.ts";
